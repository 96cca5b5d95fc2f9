"""What Meta says of a template, as policy hears it."""

from datetime import UTC, datetime
from types import MappingProxyType

from trinario.model.message import Template
from trinario.model.template import TemplateSpec
from trinario.policy.facts import Facts, TemplateFate, template_key
from trinario.policy.template import template_fault

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFFER = Template("offer", "en")
FATES = {template_key("whatsapp", "offer", "en"): TemplateFate("APPROVED", category="marketing")}


def test_a_template_that_the_platform_has_made_marketing_does_not_go_as_what_it_was() -> None:
    def fault(declared: str) -> str:
        specs = MappingProxyType({"offer": TemplateSpec("offer", declared)})
        found = template_fault(OFFER, "whatsapp", Facts(templates=FATES), NOW, specs)
        return found.code if found else ""

    assert fault("utility") == "template_category"
    assert fault("marketing") == ""
    assert template_fault(OFFER, "whatsapp", Facts(templates=FATES), NOW, {}) is None
