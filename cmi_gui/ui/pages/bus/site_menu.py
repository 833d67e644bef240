"""The menu of the site: its file, its details, plans, and a new visit."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QMenu, QPlainTextEdit, QWidget

from cmi_gui.engine.messages import reason_of
from cmi_gui.engine.site.comparison import begin_visit
from cmi_gui.engine.site.model import Site
from cmi_gui.engine.site.plan_file import Plan, plan_table, read_plan
from cmi_gui.engine.site.site_file import SUFFIX
from cmi_gui.ui.dialogs import ask_open_file, ask_save_file, confirm
from cmi_gui.ui.models.recent import menu_text
from cmi_gui.ui.models.site import SiteModel
from cmi_gui.ui.pages.page import Context
from cmi_gui.ui.text.messages import text_of
from cmi_gui.ui.text.words import Level, sentence
from cmi_gui.ui.theme import SPACE, em
from cmi_gui.ui.widgets.plain.buttons import Button, PrimaryButton, QuietButton
from cmi_gui.ui.widgets.plain.fields import TextField

_MAX_LINE = 200
_MAX_NOTE = 4000


class SiteMenu(QuietButton):
    """A button with the name of the site that opens its menu."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__("", parent, menu=True, icon="chevron", object_name="siteMenu")
        self._context = context
        self._site: SiteModel = context.site
        self.clicked.connect(self.open_menu)
        self._site.file_changed.connect(self.refresh)
        self._site.opened.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the name of the site."""
        model = self._site
        name = model.site.name or (self.tr("Practice site") if model.practice else self.tr("Site without a name"))
        if model.loading:
            name = self.tr("Opening...")
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, em(self, 30))
        self.setText(shown)
        self.setAccessibleName(self.tr("Site: {0}").format(name))
        if model.store.problem and not model.practice:
            tip = self.tr("{0} cannot be written: {1}").format(model.path, model.store.problem)
        elif model.path is not None and not model.store.unnamed:
            tip = self.tr("Kept in {0}").format(model.path)
        elif model.practice:
            tip = self.tr("The site of simulated modules is forgotten when the program ends")
        else:
            tip = self.tr("Kept in the program's own folder until it is saved under a name")
        self.allow(self.tr("The site is being opened") if model.loading else "", tip)
        self.updateGeometry()

    def open_menu(self) -> None:
        """Open the menu below the button."""
        menu = self.menu_of_site()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu_of_site(self) -> QMenu:
        """Return the menu."""
        model, menu = self._site, QMenu(self)
        menu.setAccessibleName(self.tr("Site"))
        real = not model.practice
        menu.addAction(self.tr("New site..."), self.ask_new).setEnabled(real)
        opening = menu.addAction(self.tr("Open a site..."), self.ask_open)
        opening.setShortcut(QKeySequence.StandardKey.Open)
        opening.setEnabled(real)
        saving = menu.addAction(self.tr("Save under another name..."), self.ask_save)
        saving.setShortcut(QKeySequence.StandardKey.SaveAs)
        saving.setEnabled(real)
        if real:
            menu.addSeparator()
            for path in model.recent.paths:
                text = menu.fontMetrics().elidedText(menu_text(path), Qt.TextElideMode.ElideRight, em(self, 90))
                menu.addAction(text, partial(model.open, path)).setEnabled(path != model.path)
            if not model.store.unnamed:
                menu.addAction(self.tr("Close: the site without a name"), model.open_unnamed)
        menu.addSeparator()
        menu.addAction(self.tr("Name, customer and note..."), self.edit_details)
        menu.addAction(self.tr("Take a list or plan from Excel or CSV..."), self.ask_plan)
        menu.addAction(self.tr("Save the list as a plan..."), self.save_plan).setEnabled(bool(model.site.modules))
        menu.addAction(self.tr("Begin a new visit..."), self.ask_visit).setEnabled(bool(model.site.modules))
        return menu

    # Files

    def ask_new(self) -> None:
        """Ask for the file of a new site."""
        name = self.tr("site") + SUFFIX
        ask_save_file(self, self.tr("New site"), self._filters(), name, lambda path: self._site.new(_named(path)))

    def ask_open(self) -> None:
        """Ask for a site's file and open it."""
        ask_open_file(self, self.tr("Open a site"), self._filters(), self._site.open)

    def open_file(self, path: Path) -> None:
        """Open a site, or take a list or plan, whichever the name of the file says."""
        if path.suffix.lower() != ".toml":
            self.take_plan(path)
        elif self._site.practice:
            words = self.tr("{0} was not opened: disconnect the practice bus first, then open the site of a real bus")
            self._context.add_message(Level.WARNING, words.format(path.name))
        else:
            self._site.open(path)

    def ask_save(self) -> None:
        """Ask for the file in which the site is kept from now on."""
        if self._site.practice:
            return
        name = (self._site.site.name or self.tr("site")) + SUFFIX
        ask_save_file(
            self, self.tr("Save the site"), self._filters(), name, lambda path: self._site.save_as(_named(path))
        )

    def _filters(self) -> str:
        return self.tr("Sites (*{0});;All files (*)").format(SUFFIX)

    # Plans

    def ask_plan(self) -> None:
        """Ask for an Excel or CSV file with what is wanted, and take it."""
        filters = self.tr("Excel and CSV (*.xlsx *.csv *.txt);;All files (*)")
        ask_open_file(self, self.tr("Take a list or plan"), filters, self.take_plan)

    def take_plan(self, path: Path) -> None:
        """Set what a plan wants, as one step that can be undone; nothing is written to a module."""
        site, table = self._site.site, self._site.table

        def failed(error: Exception) -> None:
            self._context.add_message(Level.ERROR, sentence(reason_of(error)))

        self._context.background.run(
            lambda: read_plan(path, site, table), lambda plan: self._take(path, plan, site), failed, owner=self
        )

    def _take(self, path: Path, plan: Plan, site: Site) -> None:
        """Carry out the changes of a plan that was compared with `site`."""
        if self._site.loading or self._site.site is not site:
            words = self.tr("{0} was not taken: another site was opened meanwhile; take it again if it is for that")
            self._context.add_message(Level.WARNING, words.format(path.name))
            return
        self._site.edit(plan.changes, self.tr("Plan {0}").format(path.name))
        words = self.tr("{0}: rows matched {1}, rows added {2}")
        words = words.format(path.name, len(plan.matched), len(plan.added))
        if plan.left_out:
            words = self.tr("{0}, rows of the site that are not in it {1}").format(words, len(plan.left_out))
        more = [text_of(remark) for remark in plan.remarks]
        if plan.ignored:
            more.append(self.tr("columns that are not used: {0}").format(", ".join(plan.ignored)))
        level = Level.WARNING if more else Level.GOOD
        self._context.add_message(level, "; ".join((words, *more)))

    def save_plan(self) -> None:
        """Ask for a file and write the list as a plan."""
        site, table = self._site.site, self._site.table
        stem = self._context.file_stem("plan", site.name)
        self._context.tables.ask(self, self.tr("Save the list as a plan"), stem, lambda _: plan_table(site, table))

    # Details and visits

    def edit_details(self) -> None:
        """Show name, customer, technician and note of the site, to be changed."""
        SiteDetails(self._site, self).open()

    def ask_visit(self) -> None:
        """Ask, then begin a new visit."""
        text = self.tr(
            "A new visit compares with what is known now. Readings and the snapshots of the present visit are put"
            " aside as those of the last visit. This cannot be undone."
        )

        def begin() -> None:
            begin_visit(self._site.site, self._site.now())
            self._site.undo.clear()
            self._site.touch()
            self._context.add_message(Level.GOOD, self.tr("A new visit has begun"))

        confirm(self, self.tr("New visit"), text, self.tr("Begin a new visit"), begin)


class SiteDetails(QDialog):
    """A form with what a report says about the site as a whole."""

    def __init__(self, site: SiteModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._site = site
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Site"))
        form = QFormLayout(self)
        form.setSpacing(SPACE.s)
        shown = site.site
        self.fields: dict[str, TextField] = {}
        for key, title in (
            ("name", self.tr("Name")),
            ("customer", self.tr("Customer")),
            ("who", self.tr("Technician")),
        ):
            field = self.fields[key] = TextField(self, name=title, object_name=f"siteDetail{key.title()}")
            field.setMaxLength(_MAX_LINE)
            field.setMinimumWidth(em(self, 40))
            field.setText(getattr(shown, key))
            form.addRow(title, field)
        self.note = QPlainTextEdit(shown.note, self)
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setTabChangesFocus(True)
        form.addRow(self.tr("Note"), self.note)
        box = QDialogButtonBox(self)
        self.keep = PrimaryButton(self.tr("Keep"), self, object_name="siteDetailKeep")
        self.keep.setDefault(True)
        cancel = Button(self.tr("Cancel"), self)
        box.addButton(self.keep, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self._take)
        box.rejected.connect(self.reject)
        form.addRow(box)

    def _take(self) -> None:
        site = self._site.site
        for key, field in self.fields.items():
            setattr(site, key, "".join(char for char in field.text().strip() if char.isprintable()))
        note = self.note.toPlainText().strip()[:_MAX_NOTE]
        site.note = "".join(char for char in note if char.isprintable() or char == "\n")
        self._site.touch()
        self.accept()


def _named(path: Path) -> Path:
    """Return a path with the suffix of sites; a dialog adds only the last part of it."""
    if path.name.endswith(SUFFIX):
        return path
    return path.with_name(path.name.removesuffix(".toml").removesuffix(".site") + SUFFIX)
