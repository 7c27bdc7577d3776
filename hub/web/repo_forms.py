"""What people fill in to make a repository, bring files to it and set it up."""

from typing import Any

from django import forms

from hub.catalog import vocabularies
from hub.catalog.card_rules import known_licenses
from hub.catalog.services.commits import MAX_TITLE
from hub.web.pages.upload import PLAIN_LIMIT

CLASSES = {
    "permissive": "Permissive: use it for anything, name the author",
    "copyleft": "Copyleft: what is made from it is shared alike",
    "non-commercial": "Not for commercial use",
    "restricted": "With conditions of its own",
    "unknown": "Something else",
}


class ManyFiles(forms.FileField):
    """Several files of one input, as a list."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=_ManyFilesInput(), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [super(ManyFiles, self).clean(each, initial) for each in (data or [None])]
        if sum(file.size for file in files) > PLAIN_LIMIT:
            raise forms.ValidationError(
                "These files are too large to be sent by a plain form. Send fewer, or use the command line."
            )
        return files


class _ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class CommitForm(forms.Form):
    """What every change of files says of itself."""

    title = forms.CharField(
        label="Title of the change",
        required=False,
        max_length=MAX_TITLE,
        help_text="What it does, in a few words. Left empty, it names the file.",
    )
    description = forms.CharField(
        label="More about it", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 2})
    )
    new_branch = forms.CharField(
        label="New branch",
        required=False,
        max_length=200,
        help_text="Leave empty to change this branch; a name starts a new one here and commits to that.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class UploadForm(CommitForm):
    # The script takes the files out of the input as they are chosen.
    use_required_attribute = False
    chosen = ManyFiles(label="Files", allow_empty_file=True)


class NewRepoForm(forms.Form):
    """A repository that isn't there yet. What isn't chosen is not stated in its card."""

    owner = forms.ChoiceField(help_text="You, or an organisation where you may make repositories.")
    name = forms.CharField(
        max_length=96,
        help_text="Letters, digits, “-”, “_” and “.”, such as bert-base-german.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    purpose = forms.CharField(
        label="What it is for, in one line",
        required=False,
        max_length=300,
        help_text="It stands below the name in every list. It can be written later.",
    )
    licence = forms.ChoiceField(
        required=False, help_text="Until one is stated, nobody but its author may be sure to use it."
    )
    visibility = forms.ChoiceField(
        choices=[
            ("private", "Private: only its owner, or the members of the organisation, can see it"),
            ("public", "Public: everyone who reaches this hub can see and pull it"),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, owners: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner, licence = self.fields["owner"], self.fields["licence"]
        owner.choices = [(name, name) for name in owners]  # type: ignore[attr-defined]
        licence.choices = [("", "Decide later: none is stated"), *licence_choices()]  # type: ignore[attr-defined]

    def clean_purpose(self) -> str:
        return " ".join(str(self.cleaned_data["purpose"]).split())


class OrganisationForm(forms.Form):
    name = forms.CharField(
        max_length=96,
        help_text="It becomes the first half of its repositories' names, such as vision-team.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    full_name = forms.CharField(label="Full name", required=False, max_length=200)
    private_by_default = forms.BooleanField(
        label="New repositories are private unless somebody says otherwise", required=False, initial=True
    )


def licence_choices() -> list[Any]:
    """The licences that a card may name, by class, for a select."""
    known = [vocabularies.licences()[each] for each in known_licenses() if each in vocabularies.licences()]
    groups = {name: [(each.id, f"{each.name} ({each.id})") for each in known if each.group == name] for name in CLASSES}
    return [(CLASSES[name], choices) for name, choices in groups.items() if choices]


class DeleteFileForm(forms.Form):
    title = CommitForm.base_fields["title"]
    base = forms.CharField(widget=forms.HiddenInput)


class MoveForm(forms.Form):
    owner = forms.CharField(
        max_length=96,
        help_text="You, or an organisation where you may make repositories.",
        widget=forms.TextInput(attrs={"list": "owners", "autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(max_length=96, widget=forms.TextInput(attrs={"spellcheck": "false"}))


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(
        label="Who can see it",
        choices=[
            ("public", "Public: everyone who reaches this hub finds it, with its files, its history and its old names"),
            ("private", "Private: only its owner, or the members of the organisation. For all others it looks deleted"),
        ],
        widget=forms.RadioSelect,
    )


class GateForm(forms.Form):
    gate = forms.ChoiceField(
        label="Who can pull its files",
        required=False,
        choices=[
            ("", "Not gated: whoever can see it"),
            ("auto", "Gated, access on request"),
            ("manual", "Gated, access by hand"),
        ],
        help_text="On request: whoever fills in its form is let in at once. By hand: you decide on each request. Its "
        "card, its licence and the names of its files stay visible to all who see it.",
        widget=forms.RadioSelect,
    )


class DeleteRepoForm(forms.Form):
    """Typed confirmation: `full_name` is what has to be typed."""

    confirm = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))

    def __init__(self, *args: Any, full_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.full_name = full_name
        self.fields["confirm"].label = f"Type {full_name} to delete it"

    def clean_confirm(self) -> str:
        if self.cleaned_data["confirm"].strip() != self.full_name:
            raise forms.ValidationError(f"That is not {self.full_name}. Nothing was deleted.")
        return self.full_name
