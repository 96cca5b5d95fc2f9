"""Several images, files above buttons, posts and stickers of the platforms' own, and files that a platform does not take."""

import pytest

from tests.unit.channels.judging import FITTING, PLATFORMS, said
from trinario.model.message import Content, Link, Media, Text
from trinario.model.wire_content import content_from_json, content_to_json, words_of

SHOP = "https://shop.example/"
ORDER = Link("Order", SHOP + "order")


def images(count: int, caption: str = "", **more: object) -> Media:
    """So many images."""
    first, *others = (f"{SHOP}{number}.jpg" for number in range(count))
    return Media("image", first, caption, others=tuple(others), **more)  # type: ignore[arg-type]


def fitted(platform: str, content: Content) -> list[Content]:
    """The parts, which the emulator takes."""
    said(platform, content)
    return list(FITTING[platform].fit(content))


@pytest.mark.parametrize(("platform", "most"), [("messenger", 30), ("instagram", 10)])
def test_images_go_together_up_to_the_limit_and_in_several_messages_beyond(platform: str, most: int) -> None:
    assert fitted(platform, images(most)) == [images(most)]
    whole, rest, words = fitted(platform, images(most + 1, "Look"))
    assert (whole, rest, words) == (images(most), Media("image", f"{SHOP}{most}.jpg"), Text("Look"))
    two = fitted(platform, images(most + 2))[1]
    assert isinstance(two, Media) and len(two.others) == 1


@pytest.mark.parametrize("platform", ["whatsapp", "telegram"])
def test_elsewhere_they_go_one_by_one_with_the_words_below_the_last(platform: str) -> None:
    parts = fitted(platform, images(3, "Look"))
    assert parts == [
        Media("image", f"{SHOP}0.jpg"),
        Media("image", f"{SHOP}1.jpg"),
        Media("image", f"{SHOP}2.jpg", "Look"),
    ]


def test_one_that_is_not_taken_parts_them() -> None:
    odd = Media("image", SHOP + "a.jpg", "Look", others=(SHOP + "b.webp", SHOP + "c.jpg"))
    parts = fitted("instagram", odd)
    assert parts == [
        Media("image", SHOP + "a.jpg"),
        Text(SHOP + "b.webp"),
        Media("image", SHOP + "c.jpg"),
        Text("Look"),
    ]


@pytest.mark.parametrize("kind", ["image", "video"])
def test_a_file_above_buttons_on_messenger(kind: str) -> None:
    name = SHOP + ("a.jpg" if kind == "image" else "a.mp4")
    bare = Media(kind, name, links=(ORDER,))
    assert fitted("messenger", bare) == [bare]
    assert fitted("messenger", Media(kind, name, "Nine stems", links=(ORDER,))) == [Text("Nine stems"), bare]
    assert fitted("messenger", Media(kind, name, links=(ORDER,) * 3)) == [Media(kind, name, links=(ORDER,) * 3)]
    four = fitted("messenger", Media(kind, name, links=(ORDER,) * 4))
    assert four[0] == Media(kind, name) and isinstance(four[1], Text) and not four[1].links
    document = fitted("messenger", Media("document", SHOP + "a.pdf", "List", links=(ORDER,)))
    assert document == [Media("document", SHOP + "a.pdf"), Text("List", (ORDER,))]
    assert fitted("instagram", Media(kind, name, "Nine stems", links=(ORDER,))) == [
        Media(kind, name), Text("Nine stems", (ORDER,)),
    ]  # fmt: skip


@pytest.mark.parametrize("platform", ["whatsapp", "telegram"])
def test_a_file_with_a_link_and_no_words_is_one_message(platform: str) -> None:
    assert fitted(platform, Media("image", SHOP + "a.jpg", links=(ORDER,))) == [
        Media("image", SHOP + "a.jpg", "👇", links=(ORDER,)),
    ]  # fmt: skip
    assert fitted("instagram", Media("image", SHOP + "a.jpg", links=(ORDER,)))[1:] == [Text("👇", (ORDER,))]


@pytest.mark.parametrize(("platform", "name", "sign"), [("instagram", "heart", "❤️"), ("messenger", "like", "👍")])
def test_stickers_of_the_platforms_own(platform: str, name: str, sign: str) -> None:
    sticker = Media("sticker", name)
    assert fitted(platform, sticker) == [sticker]
    for other in PLATFORMS:
        if other != platform:
            assert fitted(other, sticker) == [Text(sign)]


def test_a_post_is_shown_on_instagram_and_a_link_elsewhere() -> None:
    post = Media("post", "https://www.instagram.com/p/abc", "Our newest", post="17895695668004550")
    assert fitted("instagram", post) == [Media("post", post.url, post=post.post), Text("Our newest")]
    for platform in ("whatsapp", "messenger", "telegram"):
        assert fitted(platform, post) == [Text("Our newest\nhttps://www.instagram.com/p/abc")]
    strange = Media("post", post.url, post="not an id")
    assert fitted("instagram", strange) == [Text(post.url)]


@pytest.mark.parametrize(
    ("platform", "kind", "ending", "taken"),
    [
        ("instagram", "audio", "ogg", False), ("instagram", "audio", "mp3", False), ("instagram", "audio", "m4a", True),
        ("instagram", "video", "3gp", False), ("instagram", "video", "webm", True), ("instagram", "document", "docx", False),
        ("instagram", "document", "pdf", True), ("instagram", "image", "webp", False), ("instagram", "image", "gif", True),
        ("messenger", "image", "webp", False), ("messenger", "audio", "ogg", True), ("whatsapp", "image", "gif", False),
        ("whatsapp", "audio", "wav", False), ("whatsapp", "document", "zip", True), ("telegram", "document", "docx", False),
        ("instagram", "image", "php", True), ("instagram", "video", "JPG", False),
    ],
)  # fmt: skip
def test_a_file_that_the_platform_does_not_take_is_a_link(platform: str, kind: str, ending: str, taken: bool) -> None:
    url = f"{SHOP}file.{ending}?size=2"
    (part,) = fitted(platform, Media(kind, url))
    assert part == (Media(kind, url) if taken else Text(url))
    file = Media(kind, f"media://0a1b/file.{ending}")
    assert fitted(platform, file) == [file]  # `check` has looked at those


@pytest.mark.parametrize("content", [images(3, "Look"), Media("post", SHOP, "", post="17"), Media("sticker", "heart")])
def test_it_is_kept_whole(content: Media) -> None:
    assert content_from_json(content_to_json(content)) == content
    assert words_of(images(2)) == f"{SHOP}0.jpg\n{SHOP}1.jpg"
