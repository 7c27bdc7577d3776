"""What a README's own sentences say of its licence."""

import pytest

from hub.governance.licences.prose import named_in
from hub.governance.licences.table import shipped

SENTENCES = [
    ("This model is licensed under CC BY-NC 4.0.", ["cc-by-nc-4.0"]),
    ("The model is released under the [Llama 3.1 Community License](LICENSE).", ["llama3.1"]),
    ("This model is under a licence.\nThe weights are distributed under the CreativeML OpenRAIL-M license", None),
    ("This model is licensed under the Apache License, Version 2.0 for X and CC-BY-NC-4.0 for Y.", None),
    ("## Licence\nThis model is available under GPLv3\n", ["gpl-3.0"]),
    ("This model is licensed under MIT, but its teacher under Gemma.", ["mit"]),
    ("The code is licensed under MIT.", []),
    ("The base model is licensed under the Gemma terms.", []),
    ("The training data is licensed under CC-BY-4.0.", []),
    ("This model is not licensed under MIT.", []),
    ("It's a model. MIT is in Cambridge.", []),
    ("This model is licensed under GPL.", []),
]
WHOLE = {2: ["creativeml-openrail-m"], 3: ["apache-2.0", "cc-by-nc-4.0"]}


@pytest.mark.parametrize("number", range(len(SENTENCES)))
def test_sentences(number: int) -> None:
    text, expected = SENTENCES[number]
    found = [licence.id for licence in named_in(text, "model", shipped())]
    assert found == (WHOLE[number] if expected is None else expected)


def test_data_sets_speak_of_their_data() -> None:
    text = "This dataset is licensed under CC-BY-SA-4.0. The model is licensed under MIT."
    assert [each.id for each in named_in(text, "dataset", shipped())] == ["cc-by-sa-4.0"]


@pytest.mark.parametrize("licence", [each for each in shipped() if each.is_known], ids=lambda each: each.id)
def test_each_licence_is_found_by_its_id_and_name(licence) -> None:
    for name in (licence.id, licence.spdx_id, licence.name):
        found = named_in(f"This model is licensed under {name}.", "model", shipped())
        assert [each.id for each in found] == [licence.id], name
