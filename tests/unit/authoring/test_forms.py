"""Forms and products of messages: keys that do not go together, and channels that cannot show them."""

from pathlib import Path

import pytest

from trinario.authoring.check import check_bot
from trinario.authoring.load import load_project
from trinario.authoring.parse import parse_flow
from trinario.runtime.build import LIMITS, WINDOWS

URL = 'url: "https://a.example"'
CHANNELS = {
    "wa": "{platform: whatsapp, phone_number_id: '1', phone: '+15550783881', access_token: t, app_secret: s, verify_token: v}",
    "ms": "{platform: messenger, page_id: '2', page_name: n, access_token: t, app_secret: s, verify_token: v}",
}


def issues(message: str, kind: str = "form") -> list[str]:
    text = f"flow: f\nsteps:\n  q:\n    ask: {message}\n    type: {kind}\n  bye: {{send: Bye}}\n"
    return [issue.code for issue in parse_flow(text.encode(), "f.yaml").issues]


@pytest.mark.parametrize(
    ("message", "kind", "codes"),
    [
        ("{text: When?, form: {id: 12, button: Book}}", "form", []),
        ("{text: When?, form: {name: booking, button: Book, screen: A, data: {day: 1}}}", "form", []),
        ("{text: When?, form: {button: Book}}", "form", ["T014", "T014"]),
        ("{text: When?, form: {id: 1, name: b, button: Book}}", "form", ["T014", "T015"]),
        ("{text: When?, form: {id: 1, button: Book, data: {day: 1}}}", "form", ["T014"]),
        ("{text: When?, form: {id: 1, button: Book, screen: A, action: data_exchange}}", "form", ["T015"]),
        ("{text: When?, form: {id: 1, button: Book}}", "date", ["T015"]),
        ("When?", "form", ["T014"]),
        ("{image: a.jpg, form: {id: 1, button: Book}}", "form", ["T015"]),
        ("{text: Choose, products: {items: [a], sections: [{title: T, items: [a]}]}}", "order", ["T015"]),
        ("{text: Choose, products: {items: a}}", "order", []),
    ],
)
def test_keys_that_do_not_go_together(message: str, kind: str, codes: list[str]) -> None:
    assert sorted(issues(message, kind)) == codes


@pytest.mark.parametrize(
    ("channels", "message", "codes"),
    [
        ("wa", "form: {id: 1, button: Book}", []),
        ("wa ms", "form: {id: 1, button: Book}", ["T118"]),
        ("wa ms", f"form: {{id: 1, button: Book, {URL}}}", []),
        ("wa ms", "form: {id: 1, button: Book}, per_channel: {messenger: Which day?}", []),
        ("wa", "form: {id: 1, button: A button that is too long}", ["T110"]),
        ("wa", "products: {items: a}", ["T118"]),
        ("wa", "products: {items: a, catalog: '7'}", []),
        ("wa ms", "products: {items: a, catalog: '7'}", ["T118"]),
    ],
)
def test_channels_that_cannot_show_them(tmp_path: Path, channels: str, message: str, codes: list[str]) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "bots/b").mkdir(parents=True)
    given = ", ".join(f"{name}: {CHANNELS[name]}" for name in channels.split())
    (tmp_path / "bots/b/bot.yaml").write_text(f"bot: b\nchannels: {{{given}}}\nflows: [f]\n")
    flow = f"flow: f\ntriggers: [{{keyword: go}}]\nsteps:\n  s:\n    send: {{text: Look., {message}}}\n"
    (tmp_path / "flows/f.yaml").write_text(flow)

    found = check_bot(load_project(tmp_path, None, {}), LIMITS, WINDOWS)

    assert [issue.code for issue in found if issue.code in ("T110", "T118")] == codes
