"""What people fill in about collections and themselves. Services judge it; a form says what it is about."""

from django import forms

_AREA = {"rows": 4}


class CollectionForm(forms.Form):
    owner = forms.ChoiceField(help_text="You, or an organisation in which you may contribute.")
    title = forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    description = forms.CharField(
        max_length=2000, required=False, help_text="What these have in common.", widget=forms.Textarea(attrs=_AREA)
    )
    visibility = forms.ChoiceField(
        label="Who sees it",
        choices=[
            ("public", "Everyone: of what is in it, each sees what they may see anyway"),
            ("private", "Only you, or the members of the organisation"),
        ],
        initial="public",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, owners: list[str], **kwargs: object) -> None:
        """Without owners to choose from the collection stays with its own."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if owners:
            self.fields["owner"].choices = [(name, name) for name in owners]  # type: ignore[attr-defined]
        else:
            del self.fields["owner"]


class ProfileForm(forms.Form):
    full_name = forms.CharField(label="Name", max_length=200, required=False)
    bio = forms.CharField(
        label="About you", max_length=500, required=False, widget=forms.Textarea(attrs=_AREA), help_text="Plain text."
    )
    homepage = forms.CharField(
        label="Web address", max_length=200, required=False, widget=forms.URLInput(attrs={"placeholder": "https://"})
    )


class OrganisationProfileForm(forms.Form):
    description = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs=_AREA), help_text="What it is for. Plain text."
    )
    homepage = forms.CharField(
        label="Web address", max_length=200, required=False, widget=forms.URLInput(attrs={"placeholder": "https://"})
    )
