"""What Meta has of templates, in the form of templates.yaml: what `templates pull` prints."""

from collections.abc import Mapping, Sequence
from typing import Any

from trinario.channels.http.reading import items, mapping, mappings, text
from trinario.channels.whatsapp.templates import Known, tag
from trinario.model.template import places_of

Yaml = dict[str, Any]


class _Places:
    """The places of one template. Meta knows those of its words alone; what else is given at each send gets a name of ours."""

    def __init__(self, one: Known) -> None:
        self._named = one.named
        self.names = _in_words(one.components)

    def another(self, name: str) -> str:
        """A new place, written as it stands in a text: by its name, or the next number."""
        taken = {int(one) for one in self.names if one.isdecimal()}
        if not self._named and taken:
            name = str(max(taken) + 1)
        elif name in self.names:
            name = next(free for number in range(2, 100) if (free := f"{name}_{number}") not in self.names)
        self.names.append(name)
        return f"{{{{{name}}}}}"


def _in_words(components: Sequence[Mapping[str, Any]]) -> list[str]:
    found = [name for component in components for name in places_of(text(component, "text"))]
    for component in components:
        for card in mappings(component, "cards"):
            found += _in_words(mappings(card, "components"))
    return list(dict.fromkeys(found))


def written(known: Sequence[Known]) -> dict[str, Yaml]:
    """Name -> category, params, languages."""
    found: dict[str, Yaml] = {}
    for one in known:
        words, params = _words(one)
        entry = found.setdefault(one.name, {"category": one.category.lower(), "params": [], "languages": {}})
        entry["params"] = list(dict.fromkeys((*entry["params"], *params)))
        entry["languages"][tag(one.language)] = words
    for entry in found.values():
        if not entry["params"]:
            del entry["params"]
    return found


def _words(one: Known) -> tuple[Yaml, list[str]]:
    """One language, and the names of its places in their order."""
    if one.category == "AUTHENTICATION":
        return {"body": "{{code}}", "buttons": [{"code": "{{code}}"}]}, ["code"]
    places = _Places(one)
    return _parts(one.components, places), places.names


def _parts(components: Sequence[Mapping[str, Any]], places: _Places) -> Yaml:
    words: Yaml = {}
    for component in components:
        kind = text(component, "type").upper()
        if kind == "HEADER":
            words["header"] = _header(component, places)
        elif kind in ("BODY", "FOOTER"):
            words[kind.lower()] = text(component, "text")
        elif kind == "LIMITED_TIME_OFFER":
            offer = mapping(component, "limited_time_offer")
            ends = {"until": places.another("until")} if offer.get("has_expiration") else {}
            words["offer"] = {"text": text(offer, "text"), **ends}
        elif kind == "BUTTONS":
            words["buttons"] = [_button(button, places) for button in mappings(component, "buttons")]
        elif kind == "CAROUSEL":
            words["cards"] = [_card(mappings(card, "components"), places) for card in mappings(component, "cards")]
    return words


def _card(components: Sequence[Mapping[str, Any]], places: _Places) -> Yaml:
    """A card: its file stands beside its words."""
    parts = _parts(components, places)
    header = parts.pop("header", {})
    return {**(header if isinstance(header, dict) else {}), **parts}


def _header(component: Mapping[str, Any], places: _Places) -> Any:
    """A line, or a file: Meta tells the example that it was judged by, and not what is sent."""
    form = text(component, "format").lower()
    if form == "text":
        return text(component, "text")
    if form == "location":
        return {"location": {"latitude": places.another("latitude"), "longitude": places.another("longitude")}}
    shown = next((one for one in items(mapping(component, "example"), "header_handle") if isinstance(one, str)), "")
    return {form: places.another(form), **({"example": shown} if shown.startswith("https://") else {})}


def _button(button: Mapping[str, Any], places: _Places) -> Yaml:
    kind, title = text(button, "type").upper(), text(button, "text")
    match kind:
        case "URL":
            url = text(button, "url")
            return {"url": url.replace("{{1}}", places.another("link")) if places_of(url) else url, "title": title}
        case "PHONE_NUMBER":
            return {"phone": text(button, "phone_number"), "title": title}
        case "FLOW":
            screen = text(button, "navigate_screen")
            return {"form": text(button, "flow_id"), "title": title, **({"screen": screen} if screen else {})}
        case "COPY_CODE":
            return {"code": places.another("code")}
        case "CATALOG":
            return {"catalog": title}
        case "VOICE_CALL":
            return {"call": title}
        case "MPM":
            shelf = {"title": title[:24], "items": [places.another("product")]}
            return {"products": [shelf], "title": title}
    return {"reply": title}
