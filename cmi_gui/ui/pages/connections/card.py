"""The common part of the cards on the page Wiring: state of the link, a form to rewire it, a trial before that."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmi_gui.engine.link.url import LinkSpec, parse_link
from cmi_gui.engine.link_protocol import LinkError
from cmi_gui.engine.station.link_status import LinkStatus
from cmi_gui.engine.station.link_trial import Trial, TrialResult, TrialVerdict
from cmi_gui.engine.station.wiring import Use, Wiring, check_wiring, same_port, store_wiring, wired_twice
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.link_words import trial_words
from cmi_gui.ui.text.mark import Mark, Status
from cmi_gui.ui.text.tooltip import set_tooltip
from cmi_gui.ui.text.words import Level
from cmi_gui.ui.theme import SPACE, font
from cmi_gui.ui.widgets.link.form import LinkForm
from cmi_gui.ui.widgets.link.state import LinkStateView
from cmi_gui.ui.widgets.plain.accessible import Role, Spoken
from cmi_gui.ui.widgets.plain.buttons import Button, ButtonKind, QuietButton
from cmi_gui.ui.widgets.plain.layout import DimLabel, Hairline, Label, Stretch, Surface, column_of, row_of
from cmi_gui.ui.widgets.plain.marks import StateMark


class LinkCard(Surface, Spoken):
    """The card of one side.

    A subclass defines the present link (`status`, `wired`) and the wiring with the LINK of the form (`wiring`).
    A link is tried before it is wired. If it cannot be opened, the error is shown at the field and the present link is
    kept. A link that reopens automatically can be wired anyway.
    Signals: `edited()`, the user has changed something in the form, or its result has changed.
    """

    edited = Signal()
    accessible_role = Role.Grouping

    def __init__(
        self,
        context: Context,
        side: Literal["mbus", "meter"],
        use: Use,
        title: str,
        about: str,
        simulated: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("base", parent)
        self.setAccessibleName(title)
        self.context = context
        self.station = context.station
        self._side = side
        self._use = use
        self._trial: Trial | None = None
        self._shown = ""
        """The LINK from which the form was last filled."""
        heading = Label(title, self, look=font(1.15, strong=True))
        # All headings are as high as the button that some cards have beside it.
        heading.setMinimumHeight(Button(title).sizeHint().height())
        words = DimLabel(about, self, wrap=True)
        self.head = row_of((heading, 1))
        self.top = column_of(spacing=SPACE.xs)
        """Layout for widgets of a subclass above the state of the link."""
        self.view = LinkStateView(title, self)
        self.view.connect_requested.connect(self._reconnect)
        self.view.disconnect_requested.connect(self._disconnect)
        self.form = LinkForm(use, title, simulated, self)
        self.form.changed.connect(self._edited)
        self._result_mark = StateMark(parent=self)
        self._result = Label("", self, object_name="trialResult", wrap=True)
        self.apply = Button(self._apply_words(), self, object_name="wireApply", on_click=self._apply)
        # Enter connects, as on the page Site; click() does nothing while the button is disabled.
        self.form.entered.connect(self.apply.click)
        self.test = Button(self.tr("Test"), self, object_name="wireTest", on_click=self._test_or_stop)
        self.anyway = Button(self.tr("Connect anyway"), self, object_name="wireAnyway", on_click=self._wire)
        set_tooltip(self.anyway, self.tr("The link opens automatically as soon as possible"))
        self.discard = QuietButton(self.tr("Discard"), self, object_name="wireDiscard", on_click=self.reset)
        set_tooltip(self.discard, self.tr("Go back to the present wiring"))
        self._lay_out(words)
        self._show_result(None)
        self.anyway.hide()

    def _rows_below_form(self) -> tuple[QHBoxLayout, QHBoxLayout]:
        """Make the row of buttons and the row of the trial's result."""
        result = row_of((self._result_mark, 0, Qt.AlignmentFlag.AlignTop), (self._result, 1))
        buttons = row_of(self.apply, self.test, self.anyway, self.discard, Stretch(1))
        return buttons, result

    def _lay_out(self, words: QWidget) -> None:
        column_of(
            column_of(self.head, words, spacing=0),
            self.top,
            self.view,
            Hairline(self),
            self.form,
            # The result is below the buttons, which must not move when it comes.
            *self._rows_below_form(),
            Stretch(1),
            within=self,
            margins=(SPACE.l, SPACE.m, SPACE.l, SPACE.l),
            spacing=SPACE.m,
        )

    def tab_chain(self) -> list[QWidget]:
        """Return the widgets in tab order, which is their visual order."""
        return [*self.view.tab_chain(), *self.form.tab_chain(), self.apply, self.test, self.anyway, self.discard]

    # Properties of a side

    def _apply_words(self) -> str:
        raise NotImplementedError

    @property
    def status(self) -> LinkStatus | None:
        """The link that the card shows, or None."""
        raise NotImplementedError

    @property
    def wired(self) -> str:
        """The LINK that is wired; `sim:` if there is none."""
        raise NotImplementedError

    def wiring(self, link: str) -> Wiring:
        """Return the station's wiring with `link` on this side."""
        raise NotImplementedError

    def chosen(self, wiring: Wiring) -> dict[str, object]:
        """Return the part of a wiring that is stored for the next start, by the field names of `StoredWiring`."""
        raise NotImplementedError

    @property
    def use(self) -> Use:
        """The use of the card's link."""
        return self._use

    def trial_words(self, result: TrialResult) -> Status:
        """Return a trial's result in words, with what it means for this side."""
        return trial_words(result)

    def test_wired(self) -> Status:
        """Return the result of *Test* for the link that is wired."""
        raise NotImplementedError

    @property
    def dirty(self) -> bool:
        """True if the form differs from the present wiring."""
        return self.form.link() != self.wired

    def form_text(self) -> str:
        """Return the form's LINK for `restore_text`; empty if it is not valid."""
        return self.form.link() or ""

    def restore_text(self, text: str) -> None:
        """Fill the form with a text from `form_text`. Raises LinkError if it is invalid."""
        self.form.show_link(text)

    # Display

    def refresh(self) -> None:
        """Update the card; the form is filled again only when the wired link has changed."""
        status = self.status
        self.view.setVisible(status is not None)
        if status is not None:
            self.view.show_link(status, running=self.station.running)
        if self._shown != self.wired:
            self.reset()
        self._show_buttons()

    def reset(self) -> None:
        """Fill the form from the present wiring."""
        self.cancel()
        self._shown = self.wired
        self._fill_form()
        if any(button.hasFocus() for button in (self.apply, self.anyway, self.discard)):
            # Qt would move the focus from these buttons to the next widget, such as the other side's Disconnect.
            self.form.kind.setFocus()
        self._show_result(None)
        self.anyway.hide()
        self._show_buttons()

    def _fill_form(self) -> None:
        self.form.show_link(self.wired)

    def cancel(self) -> None:
        """Cancel a running trial without showing a result."""
        trial, self._trial = self._trial, None
        if trial is not None:
            trial.cancel()
            self._show_result(None)

    def _show_buttons(self) -> None:
        dirty, trying = self.dirty, self._trial is not None
        wait = self.tr("A link is being tested") if trying else ""
        reason = "" if trying else self._no_test()
        self.test.set_words(self.tr("Stop") if trying else self.tr("Test"))
        self.test.setEnabled(not reason)
        set_tooltip(self.test, self.tr("Stops the test; nothing is changed") if trying else reason or self._test_tip())
        if trying and self.apply.hasFocus():
            self.test.setFocus()
        self.apply.set_words(self._apply_words())
        self.apply.setEnabled(dirty and not trying)
        set_tooltip(self.apply, wait or ("" if dirty else self.tr("There are no changes")))
        self.discard.setVisible(dirty)

    def _no_test(self) -> str:
        """Return why nothing can be tested now; empty if it can."""
        return ""

    def _test_tip(self) -> str:
        raise NotImplementedError

    def set_primary(self, primary: bool) -> None:
        """Make this card's button the page's primary button, or a normal one."""
        self.apply.set_kind(ButtonKind.PRIMARY if primary else ButtonKind.NORMAL)

    def _show_result(self, status: Status | None) -> None:
        self._result.setVisible(status is not None)
        self._result_mark.setVisible(status is not None)
        if status is not None:
            self._result_mark.set_mark(status.mark)
            text = self.tr("{0}: {1}").format(status.title, status.detail) if status.detail else status.title
            self._result.setText(text)

    # User actions

    def _edited(self) -> None:
        self.cancel()
        self._show_result(None)
        self.anyway.hide()
        self._show_buttons()
        self.edited.emit()

    def _reconnect(self) -> None:
        if self.status is not None:
            self.station.reconnect(self.status)
            self.refresh()

    def _disconnect(self) -> None:
        if self.status is not None:
            self.station.disconnect(self.status)
            self.refresh()

    def _apply(self) -> None:
        if not self.form.check():
            return
        link = self.form.link()
        assert link is not None
        spec = parse_link(link)
        try:
            wiring = self.wiring(link)
            check_wiring(wiring)
            self._check_port(link, spec, wiring)
        except LinkError as error:
            self.form.show_error(error)
            return
        if spec.kind.simulated or self._holders(spec):
            # No trial is possible or needed: the link that uses the port now is the one that is replaced.
            self._wire()
            return
        self._try(self.station.try_link(spec, self.use, self._tried, opens_only=True), link)

    def _holders(self, spec: LinkSpec) -> list[LinkStatus]:
        """Return the links that use this port now. On a network, only links of this side count."""
        links = [link for link in self.station.link_status if not spec.kind.network or link.side == self._side]
        there = self.form.with_present_device(spec)
        return [link for link in links if same_port(there, self.form.with_present_device(parse_link(link.url)))]

    def _check_port(self, link: str, spec: LinkSpec, wiring: Wiring) -> None:
        """Raise LinkError if a link that stays has the same port under another name, such as its USB number."""
        stay = {*wiring.mbus, wiring.meter, *(each.link for each in wiring.listen)} - {link}
        for holder in self._holders(spec) if spec.kind.real_wire else ():
            if holder.link in stay:
                raise wired_twice(link, holder.link)

    def _try(self, trial: Trial, link: str) -> None:
        self.cancel()
        self.form.show_problem(None)
        self.anyway.hide()
        self._trial = trial
        self._show_result(Status(Mark.BUSY, self.tr("Testing {0} ...").format(link)))
        self._show_buttons()
        trial.start()

    def _tried(self, result: TrialResult) -> None:
        """Wire the link after a successful trial; otherwise show the error."""
        self._trial = None
        self._show_result(None)
        if result.verdict is not TrialVerdict.FAILED:
            self._wire()
            return
        if result.cause is not None:
            self.form.show_error(result.cause)
        link = self.form.link()
        spec = parse_link(link) if link else None
        self.anyway.setVisible(spec is not None and self.use.role(spec) in spec.kind.reopens)
        self._show_buttons()
        self.edited.emit()

    def _wire(self) -> None:
        link = self.form.link()
        if link is None:
            return
        wiring = self.wiring(link)
        try:
            self.station.rewire(wiring)
        except LinkError as error:
            self.form.show_error(error)
            return
        self._wired(link)
        self._store(wiring)
        self.reset()
        self.refresh()
        self.edited.emit()

    def _wired(self, link: str) -> None:
        """Do what a subclass needs after the form's link has been wired."""

    def _store(self, wiring: Wiring) -> None:
        config = self.station.config
        folder = config.state_dir
        if folder is None or not config.stores_wiring:
            return
        chosen, context = self.chosen(wiring), self.context
        words = self.tr("The wiring could not be saved for the next start: {0}")
        # The callbacks must not use the card: a change of language may have replaced all pages by then.
        context.background.run(
            lambda: store_wiring(folder, **chosen),
            lambda _: None,
            lambda error: context.add_message(Level.WARNING, words.format(error)),
        )

    def _test_or_stop(self) -> None:
        if self._trial is None:
            self._test()
        else:
            self.cancel()
            self._show_buttons()

    def _test(self) -> None:
        if not self.form.check():
            return
        link = self.form.link()
        assert link is not None
        spec = parse_link(link)
        if not self.dirty or spec.kind.simulated:
            self._show_result(self.test_wired())
        elif self._holders(spec):
            words = self.tr("This program already has it open, so it can only be tested by connecting it")
            self._show_result(Status(Mark.UNKNOWN, words))
        else:
            self._try(self.station.try_link(spec, self.use, self._tested), link)

    def _tested(self, result: TrialResult) -> None:
        self._trial = None
        self._show_result(self.trial_words(result))
        if result.verdict is TrialVerdict.FAILED and result.cause is not None:
            self._show_result(None)
            self.form.show_error(result.cause)
        self._show_buttons()
        self.edited.emit()
