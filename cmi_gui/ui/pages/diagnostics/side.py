"""The right side of the page Diagnostics: the self-test with its steps, and the faults of the simulated meter."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cmi_gui.engine.diagnostics.self_test import SelfTest, Step, StepId, self_test
from cmi_gui.ui.pages.fault_section import FaultSection
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.mark import Mark
from cmi_gui.ui.text.messages import text_of, translate
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import Level, duration_text
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Button, point_out
from cmi_gui.ui.widgets.plain.layout import DimLabel, Label, Section, add_parts, column_of, grid_of, row_of
from cmi_gui.ui.widgets.plain.marks import StateMark
from cmi_gui.ui.widgets.plain.scroll_bar import ScrollColumn

_MOST_WIDTH = 4000


def step_text(step: StepId) -> str:
    """Return what a step of the self-test tries, in words."""
    return {
        StepId.READOUT: translate("SelfTest", "The module reads the simulated meter"),
        StepId.ROUND_TRIP: translate("SelfTest", "A master reads the module; every data line is restored exactly"),
        StepId.SECONDARY: translate("SelfTest", "A master reads the module by its secondary address"),
        StepId.DISCONNECTOR: translate("SelfTest", "Push button, 10 s: C.5.0 reports the disconnector open"),
        StepId.RATE: translate("SelfTest", "Rate input A, 5 s: C.5.0 reports the rate"),
    }[step]


def _step_result(step: Step) -> str:
    """Return the figures of a passed step, or the engine's reason for a failed one."""
    if not step.passed:
        return text_of(step.problem)
    took = translate("SelfTest", "{0} ms").format(max(1, round(step.took * 1000)))
    match step.id:
        case StepId.READOUT | StepId.ROUND_TRIP | StepId.SECONDARY:
            return translate("SelfTest", "{0} lines; took {1}").format(step.count, took)
        case StepId.RATE:
            words = translate("SelfTest", "rate {0} after {1} of simulated time; took {2}")
            return words.format(step.count, duration_text(step.simulated), took)
    return translate("SelfTest", "after {0} of simulated time; took {1}").format(duration_text(step.simulated), took)


class _SelfTestSection(Section):
    """The self-test: a button, a line with the result, a row for each step."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(translate("SelfTest", "Self-test"), parent)
        self._context = context
        words = DimLabel(
            translate(
                "SelfTest",
                "Tests a separate module and meter in simulated time, from the readout to the master. Your module"
                " and meter are not affected.",
            ),
            self,
            wrap=True,
        )
        self.button = Button(translate("SelfTest", "Run self-test"), self, icon="play", object_name="runSelfTest")
        self.button.clicked.connect(self._run)
        self.mark = StateMark(parent=self)
        self.result = Label(translate("SelfTest", "Not run yet"), self, object_name="selfTestResult")
        line = row_of(self.button, self.mark, (self.result, 1))
        self._steps = grid_of(across=SPACE.s, down=SPACE.xs, stretched=(1,))
        self._marks: dict[StepId, StateMark] = {}
        self.details: dict[StepId, DimLabel] = {}
        for number, step in enumerate(StepId):
            mark, detail = StateMark(parent=self), DimLabel("", self, wrap=True)
            text = Label(step_text(step), self, wrap=True)
            detail.hide()
            self._marks[step], self.details[step] = mark, detail
            self._steps.addWidget(mark, 2 * number, 0, Qt.AlignmentFlag.AlignTop)
            self._steps.addWidget(text, 2 * number, 1)
            self._steps.addWidget(detail, 2 * number + 1, 1)
        self.body.addWidget(words)
        self.body.addSpacing(SPACE.xs)
        self.body.addLayout(line)
        self.body.addSpacing(SPACE.xs)
        self.body.addLayout(self._steps)

    def _run(self) -> None:
        self.button.setEnabled(False)
        set_tooltip(self.button, translate("SelfTest", "The self-test is running"))
        self.mark.set_mark(Mark.BUSY)
        self.result.setText(translate("SelfTest", "Running..."))
        self._context.background.run(self_test, self._show, self._failed, owner=self)

    def _end(self, mark: Mark, words: str, level: Level) -> None:
        self.button.setEnabled(True)
        set_tooltip(self.button, "")
        self.mark.set_mark(mark)
        self.result.setText(words)
        self._context.add_message(level, translate("SelfTest", "Self-test: {0}").format(words))

    def _show(self, result: SelfTest) -> None:
        done = {step.id: step for step in result.steps}
        for name, mark in self._marks.items():
            step, detail = done.get(name), self.details[name]
            mark.set_mark(Mark.UNKNOWN if step is None else Mark.GOOD if step.passed else Mark.TROUBLE)
            detail.setText(translate("SelfTest", "not run") if step is None else _step_result(step))
            detail.show()
        if result.passed:
            words = translate("SelfTest", "{0} steps passed").format(len(result.steps))
            self._end(Mark.GOOD, words, Level.GOOD)
        else:
            words = translate("SelfTest", "failed at step {0} of {1}").format(len(result.steps), len(StepId))
            self._end(Mark.TROUBLE, words, Level.ERROR)

    def _failed(self, error: Exception) -> None:
        words = translate("SelfTest", "aborted: {0}").format(error)
        self._end(Mark.TROUBLE, words, Level.ERROR)


class DiagnosticsSide(ScrollColumn):
    """The column of self-test and faults; it scrolls if the window is too low."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._station = context.station
        self.stack(False)
        inside = QWidget(self)
        column = column_of(within=inside, margins=(0, 0, SPACE.s, 0), spacing=SPACE.l)
        self.self_test = _SelfTestSection(context, inside)
        self.faults = FaultSection(self._station, inside, prefix="diagnosticsFault")
        self.faults.set_open(True)
        add_parts(column, self.self_test, self.faults, self.faults.note)
        column.addStretch(1)
        self.setWidget(inside)
        self.refresh()

    def stack(self, stacked: bool) -> None:
        """Take the whole width below the symptoms, or a fixed one beside them."""
        self.setMinimumWidth(em(self, 58))
        self.setMaximumWidth(_MOST_WIDTH if stacked else em(self, 58))

    def refresh(self) -> None:
        """Update the faults, which exist only while the simulated meter is wired."""
        self.faults.refresh()

    def show_faults(self) -> None:
        """Scroll to the faults and point out the first that is on, or the first; not with a real meter."""
        if self._station.meter_is_real:
            return
        self.faults.set_open(True)
        switches = list(self.faults.switches.values())
        wanted = next((switch for switch in switches if switch.isChecked()), switches[0])
        self.ensureWidgetVisible(self.faults)
        point_out(wanted)
