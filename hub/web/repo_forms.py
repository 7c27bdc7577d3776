"""What people fill in to make a repository, bring files to it and set it up."""

from typing import Any

from django import forms

from hub.catalog.services.commits import MAX_TITLE
from hub.web.pages.upload import PLAIN_LIMIT


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
        help_text="What it does, in a few words. Left empty, the files are named.",
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
    files = ManyFiles(label="Files", allow_empty_file=True)
