from hub.catalog.weights.header import Tensor
from hub.catalog.weights.tree import module_tree, ranges


def tensors(*names: str, shape: tuple[int, ...] = (2, 3)) -> list[Tensor]:
    return [Tensor(name, "F32", shape, 24) for name in names]


def layer(number: int, width: int = 3) -> list[Tensor]:
    names = [f"layers.{number}.{part}.weight" for part in ("a", "b", "c", "d", "e")]
    return tensors(*names, shape=(2, width))


def test_alike_layers_are_one() -> None:
    root = module_tree([*layer(0), *layer(1), *layer(2, 4), *layer(10), *tensors("head.weight")])
    (layers,) = root.modules
    same, other = layers.modules
    assert (same.label, same.alike, same.tensor_count, same.parameters) == ("0–1, 10", 3, 15, 90)
    assert (other.label, other.alike, other.address) == ("2", 1, ("layers", "2"))
    assert [leaf.label for leaf in same.tensors] == [f"{part}.weight" for part in "abcde"]
    assert [leaf.label for leaf in root.tensors] == ["head.weight"]
    assert (root.tensor_count, root.parameters, root.size) == (21, 5 * (18 + 8) + 6, 21 * 24)


def test_numbers_at_the_end_of_a_name_and_slashes() -> None:
    names = [f"net/block_{number}/{part}" for number in range(3) for part in "abcde"]
    (net,) = module_tree(tensors(*names)).modules
    assert [(module.label, module.alike) for module in net.modules] == [("block_0–2", 3)]


def test_one_module_alone() -> None:
    all_of_them = [*layer(0), *layer(1)]
    found = module_tree(all_of_them, ("layers", "1"))
    assert found.tensor_count == 5 and found.label == "1"
    assert module_tree(all_of_them, ("layers", "7")).tensor_count == 0
    assert module_tree(all_of_them, ("layers", "1", "a", "weight", "x")).tensor_count == 0


def test_hostile_names() -> None:
    names = [".".join("a" * 5_000), "", "..", "/", "9" * 5_000 + ".x", "².a", "<script>.b"]
    root = module_tree(tensors(*names))
    assert root.tensor_count == len(names)


def test_ranges() -> None:
    assert ranges([3, 1, 2, 7]) == "1–3, 7"
    assert ranges(list(range(0, 100, 2))) == "0, 2, 4, 6, 8, 10 …"
