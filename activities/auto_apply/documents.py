"""Step `make_documents`: the résumé and the letter, tailored where that is wished and proves true."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.auto_apply.context import Context
from activities.auto_apply.document_material import Material, load_material
from activities.auto_apply.letters import Letter, is_letter, letter_for
from activities.auto_apply.rows import announce, lock
from activities.auto_apply.tailoring import resume_for
from models.answering_enums import AnswerSource, DocumentKind, LogKind, QuestionKind
from models.application import Application
from models.document_rows import Made, new_document
from models.enums import ApplicationState
from models.evidence import documents_of
from models.fitting import fit
from models.question import Question, questions_of
from workflows.messages import ApplicationRef


@dataclass(frozen=True)
class _Output:
    """What was made outside the transaction; no letter where none is wanted."""

    resume: Made
    letter: Letter | None


async def make_documents(context: Context, ref: ApplicationRef) -> None:
    """Make the résumé and, where the form asks for one, the letter; those that are there stay."""
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        if application.state is not ApplicationState.PREPARING:
            return
        documents = (await session.exec(documents_of(application.id))).all()
        if any(each.kind is DocumentKind.RESUME for each in documents):
            questions = (await session.exec(questions_of(application.id))).all()
            _forget_missing_letter(questions, {each.kind for each in documents})
            return
        material = await load_material(session, context, application)
    # the model and the typesetting take their time: no row is held meanwhile
    # one question to the model after the other, so that they end well within the step's time
    output = _Output(await resume_for(context, material), await letter_for(context, material))
    async with context.database.begin() as session:
        application = await lock(session, ref.application_id)
        if application.state is ApplicationState.PREPARING:
            await _store(session, application, material, output)


async def _store(
    session: AsyncSession, application: Application, material: Material, output: _Output
) -> None:
    """Store what was made and log it; another run of this step may have been first."""
    documents = (await session.exec(documents_of(application.id))).all()
    if any(each.kind is DocumentKind.RESUME for each in documents):
        return
    _add(session, application, material, output.resume)
    kinds = {DocumentKind.RESUME}
    letter = output.letter
    if letter is not None and letter.file is not None:
        _add(session, application, material, letter.file)
        kinds.add(DocumentKind.COVER_LETTER)
    questions = (await session.exec(questions_of(application.id))).all()
    if letter is not None:
        _enter(questions, letter, material)
        if letter.file is None:
            entry = application.log(
                LogKind.DOCUMENT_MADE,
                document=DocumentKind.COVER_LETTER.value,
                sha256=letter.sha256,
                tailored=letter.text is not None,
                refused=len(letter.refused),
            )
            session.add(entry)
    _forget_missing_letter(questions, kinds)
    await announce(session, application)


def _add(session: AsyncSession, application: Application, material: Material, made: Made) -> None:
    document = new_document(application.id, application.user_id, made, material.seal)
    session.add(document)
    session.add(
        application.log(
            LogKind.DOCUMENT_MADE,
            document=made.kind.value,
            sha256=document.sha256,
            tailored=made.tailored,
            refused=len(made.refused),
        )
    )


def _enter(questions: Sequence[Question], letter: Letter, material: Material) -> None:
    """Enter the letter where the form has a field for its text and nothing is written there."""
    for question in questions:
        is_open = is_letter(question) and question.answer_sealed is None
        if is_open and question.kind is QuestionKind.TEXTAREA and letter.text is not None:
            fitted = fit(question, letter.text)
            if fitted is not None:
                question.answer(fitted, AnswerSource.DRAFT, material.seal)


def _forget_missing_letter(questions: Sequence[Question], kinds: set[DocumentKind]) -> None:
    """Leave an upload empty for which there is no letter: what is shown is what is sent."""
    if DocumentKind.COVER_LETTER in kinds:
        return
    for question in questions:
        if is_letter(question) and question.kind is QuestionKind.FILE:
            question.clear()
