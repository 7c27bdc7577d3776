"""What reviewers and administrators fill in on licences."""

from typing import Any

from django import forms

from hub.governance.licences.table import COLUMNS, Licence, row_of_licence
from hub.governance.services.licences import WORDS

_LABELS = {
    "id": "Id",
    "spdx_id": "SPDX id",
    "on_hf_list": "On the public hub's list",
    "osi_approved": "Approved by the OSI",
    "fsf_libre": "Free by the FSF",
    "artefact_kind": "Made for a",
    "license_copy_required": "Licence text goes with copies",
    "state_changes": "Changes must be stated",
    "use_restrictions": "Use restrictions",
    "pass_through": "Terms passed on",
    "name_prefix": "Name must begin with",
    "display_text": "Words to show",
    "notice_text": "Words of the NOTICE",
    "territory_excluded": "Regions left out",
    "terms_mutable": "Terms may change later",
    "litigation_termination": "Ends for who sues",
    "mau_limit": "Limit of monthly users",
    "revenue_limit_usd": "Limit of annual revenue in USD",
    "output_training": "Outputs as training data",
    "data_to_model_effect": "What it means for models trained on such data",
}
_REQUIRED = ("id", "name", "spdx_id", *WORDS)


def label_of(column: str) -> str:
    return _LABELS.get(column, column.replace("_", " ").capitalize())


class ConcludeForm(forms.Form):
    expression = forms.CharField(
        label="Licence",
        required=False,
        help_text="An SPDX expression. Empty takes the conclusion back.",
        max_length=1000,
    )
    reason = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": 3}), help_text="What you read, and where.", max_length=1000
    )


class LicenceForm(forms.Form):
    """A field for each column of the table, then the text and the reason."""

    def __init__(self, data: Any = None, *, licence: Licence | None = None) -> None:
        super().__init__(data, initial=row_of_licence(licence) if licence else {"source": "", "spdx_id": "LicenseRef-"})
        for column in COLUMNS:
            self.fields[column] = _field(column)
        if licence:
            self.fields["id"].disabled = True
        self.fields["text"] = forms.CharField(
            label="Its text",
            required=False,
            widget=forms.Textarea(attrs={"rows": 6}),
            help_text="Files with this text are then detected as this licence, and it is what people accept.",
        )
        self.fields["reason"] = forms.CharField(
            label="Reason", widget=forms.Textarea(attrs={"rows": 2}), help_text="The source, and what was wrong."
        )

    def properties(self) -> dict[str, str]:
        return {column: str(self.cleaned_data[column]) for column in COLUMNS}


def _field(column: str) -> forms.Field:
    label, required = label_of(column), column in _REQUIRED
    if column in WORDS:
        return forms.ChoiceField(label=label, choices=[(word, word.replace("_", " ")) for word in WORDS[column]])
    return forms.CharField(label=label, required=required, max_length=1000)
