"""Numbers of draws: unique by construction, in no order that tells who came first, the same every time."""

from trinario.engine.draws import number_of


def test_no_number_comes_twice() -> None:
    numbers = {number_of("demo/spring", contact) for contact in range(20_000)}
    assert len(numbers) == 20_000
    assert all(len(number) == 7 and number.isdecimal() for number in numbers)


def test_every_number_of_a_range_is_somebodys() -> None:
    from trinario.engine.draws import _permuted

    for size in (2, 10, 1000, 4097):
        assert sorted(_permuted("d", value, size) for value in range(size)) == list(range(size))


def test_the_order_does_not_show() -> None:
    numbers = [int(number_of("demo/spring", contact)) for contact in range(1000)]
    rises = sum(after > before for before, after in zip(numbers, numbers[1:], strict=False))
    assert 430 < rises < 570
    near = sum(abs(after - before) < 10_000 for before, after in zip(numbers, numbers[1:], strict=False))
    assert near < 20


def test_another_draw_has_other_numbers() -> None:
    same = sum(number_of("demo/spring", contact) == number_of("demo/summer", contact) for contact in range(1000))
    assert same < 3


def test_beyond_ten_million_contacts_the_numbers_grow() -> None:
    late = [number_of("demo/spring", contact) for contact in range(10**7, 10**7 + 500)]
    assert all(len(number) == 8 and number[0] != "0" for number in late)
    assert len(set(late)) == 500
    assert len(number_of("demo/spring", 10**8)) == 9


def test_a_number_given_out_is_hers_in_every_version() -> None:
    numbers = [number_of("demo/spring", contact) for contact in (1, 2, 3, 10_000_001)]
    assert numbers == ["6760943", "9410993", "2392628", "53137968"]
