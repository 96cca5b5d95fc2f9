"""The error tables: every code of the platform sheet, its growth and its turning points."""

import pytest

from trinario.channels.graph.failures import page_failure, whatsapp_failure, whatsapp_file_failure
from trinario.model.failure import Action

WHATSAPP = {
    Action.TOKEN: [0, 190],
    Action.RETRY: [1, 2, 131000, 131016, 131053, 131056, 131057, 132015, 133004, 133015, 134101, 2494100],
    Action.SLOW: [4, 613, 80007, 80008, 130429, 132069, 138013],
    Action.ACCOUNT: [
        3, 10, 33, 200, 250, 299, 368, 1005, 131005, 131031, 131037, 131042, 131044, 131045, 131048, 131064, 133000,
        133005, 133006, 133008, 133009, 133010, 133016, 134011, 2388001, 2388012, 2388091, 2388093, 2388103,
    ],
    Action.FIX: [
        100, 131008, 131009, 131030, 131051, 131055, 131062, 131063, 132000, 132001, 132005, 132007, 132008, 132012,
        132016, 132068, 134100, 134102, 135000, 139000, 139006, 147001, 147005, 2388019, 2388040, 2388047,
        2388072, 2388073, 2388293, 2388299,
    ],
    Action.DROP: [
        130403, 130472, 131014, 131020, 131021, 131041, 131049, 131052, 131059, 131060, 131201, 131215, 137000, 138000,
        138006, 138023, 139100, 139103, 1752041, 2494191, 2593107, 2593108, 2593109,
    ],
    Action.TEMPLATE: [470, 131047],
    Action.OPTOUT: [131050],
    Action.UNREACHABLE: [1013, 1026, 130497, 131026],
}  # fmt: skip

PAGE = {
    Action.RETRY: [(1, 99), (1, 1357046), (2, 0), (2, 2018344), (10, 2018108), (100, 2018008), (100, 2018074), (1200, 0)],
    Action.SLOW: [
        (4, 0), (4, 2018354), (9, 2018352), (17, 0), (32, 0), (613, 0), (613, 1893016), (613, 1996), (613, 2018338),
        (613, 2534040), (80001, 0), (80002, 0), (80006, 0),
    ],
    Action.ACCOUNT: [
        (10, 0), (10, 1404170), (10, 1893063), (10, 2018336), (33, 0), (100, 33), (200, 0), (200, 2018028),
        (200, 2534041), (230, 0), (368, 0), (2022, 0), (10303, 0), (36103, 0), (2018321, 0),
    ],
    Action.TEMPLATE: [(10, 2018065), (10, 2018278), (10, 2534022)],
    Action.OPTOUT: [(10, 1893015)],
    Action.UNREACHABLE: [(100, 2018001), (100, 2534014), (100, 2534029), (200, 1545041), (551, 0), (551, 1545041)],
    Action.DROP: [
        (10, 2534077), (100, 2534025), (100, 2534037), (506, 0), (2018218, 0), (2018247, 0), (2018300, 0),
        (2018389, 0), (2018396, 0), (2300052, 0), (9000001, 0),
    ],
    Action.FIX: [
        (100, 0), (100, 2018014), (100, 2018047), (100, 2018109), (100, 2018164), (100, 2018294),
        (100, 2018320), (100, 2018328), (100, 2534013), (100, 2534015), (100, 2534068), (105, 0), (2018144, 0),
        (2018171, 0), (2018173, 0), (2018188, 0), (2018382, 0),
    ],
    Action.TOKEN: [(190, 0), (190, 460), (190, 463), (190, 467), (190, 458), (190, 492)],
}  # fmt: skip


@pytest.mark.parametrize(("code", "action"), [(code, action) for action, codes in WHATSAPP.items() for code in codes])
def test_whatsapp(code: int, action: Action) -> None:
    failure = whatsapp_failure(code, "words")

    assert (failure.action, failure.code, failure.reason) == (action, code, "words")


@pytest.mark.parametrize(("pair", "action"), [(pair, action) for action, pairs in PAGE.items() for pair in pairs])
def test_page(pair: tuple[int, int], action: Action) -> None:
    failure = page_failure(*pair, "words")

    assert (failure.action, failure.code, failure.subcode) == (action, *pair)


def test_waits() -> None:
    assert [whatsapp_failure(131056, "", tries).after for tries in (0, 1, 2, 3)] == [1.0, 4.0, 16.0, 64.0]
    assert whatsapp_failure(131056, "", 500).after == 4096.0
    assert whatsapp_failure(131057, "").after == 60.0
    assert whatsapp_failure(131049, "").after == 86400.0
    after = whatsapp_failure(130429, "").after
    assert after is not None
    assert 1.0 <= after <= 5.0
    assert whatsapp_failure(131000, "").after is None


def test_what_is_tried_once_is_given_up_then() -> None:
    assert whatsapp_failure(1, "", 1).action == Action.FIX
    assert whatsapp_failure(131053, "", 1).action == Action.FIX
    assert page_failure(100, 2018008, "", 1).action == Action.FIX
    assert page_failure(2, 0, "", 5).action == Action.DROP
    assert page_failure(10, 2018108, "", 3).action == Action.DROP


def test_an_unknown_code_is_ours_to_look_at_unless_it_passes() -> None:
    assert whatsapp_failure(999999, "").action == Action.FIX
    assert page_failure(999999, 1, "").action == Action.FIX
    assert whatsapp_failure(999999, "", passing=True).action == Action.RETRY
    assert page_failure(999999, 1, "", passing=True).action == Action.RETRY


def test_a_bad_parameter_of_a_message_with_an_uploaded_file_means_its_id_at_first() -> None:
    first = whatsapp_file_failure(100, "words")
    assert (first.action, first.holds) == (Action.RETRY, "file")
    assert whatsapp_file_failure(100, "words", 1).action == Action.FIX
    assert whatsapp_file_failure(131056, "words") == whatsapp_failure(131056, "words")
