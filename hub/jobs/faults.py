"""What is wrong about an order, so that whoever orders can mend it."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Fault:
    """`param` is the field of the order, `code` stable (of `contract.Code`, or of a refusal of this hub), `message`
    what is wrong, `advice` what to do. A `warning` stands in nobody's way."""

    param: str
    code: str
    message: str
    advice: str = ""
    is_warning: bool = False

    def as_dict(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items() if name != "is_warning"}
