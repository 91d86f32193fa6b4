"""Who sees what: default deny, several roles add up, a change works at once."""

from typing import Any

import pytest

from tests.cast import hire
from zhike.secure import fields, permissions, policy, queries
from zhike.secure.models import FieldRule, Role, Staff
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, NOBODY, SYSTEM, Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_somebody_without_a_role_sees_and_may_nothing(viewer_for: Any) -> None:
    stranger = viewer_for(Staff.objects.create_user("new@zhike.example", display_name="新人"))
    assert not stranger.permissions and stranger.scope == "own"
    for f in fields.catalogue():
        assert queries.sight(stranger, f.name) == "hidden"
        assert not (
            queries.may_edit(stranger, f.name)
            or queries.may_export(stranger, f.name)
            or queries.may_reveal(stranger, f.name)
        )


@pytest.mark.parametrize("name", ["no_such_field", "", "class:personal "])
def test_a_field_nobody_registered_is_hidden(agent: Staff, viewer_for: Any, name: str) -> None:
    assert queries.sight(viewer_for(agent), name) == "hidden"


def test_a_field_registered_later_follows_its_class(agent: Staff, viewer_for: Any) -> None:
    viewer = viewer_for(agent)
    fields._CATALOGUE["loyalty_grade"] = fields.Field("loyalty_grade", "x", "person", "internal")  # type: ignore[arg-type]
    try:
        assert queries.sight(viewer, "loyalty_grade") == "shown"
    finally:
        del fields._CATALOGUE["loyalty_grade"]


def test_every_personal_field_is_masked_or_hidden_unless_a_rule_shows_it_by_name(viewer_for: Any) -> None:
    for role in Role.objects.all():
        viewer = viewer_for(hire(role.code))
        named = set(role.rules.exclude(field="").values_list("field", flat=True))
        for f in fields.catalogue():
            if f.cls in ("personal", "sensitive", "secret") and f.name not in named:
                assert queries.sight(viewer, f.name) != "shown", (role.code, f.name)


def test_a_sealed_field_is_never_plainly_shown_whatever_the_rule_says(viewer_for: Any) -> None:
    owner = hire("owner")
    FieldRule.objects.create(role=Role.objects.get(code="owner"), field="phone", see="shown", reveal=True)
    policy.touch()
    assert queries.sight(viewer_for(owner), "phone") == "masked"


def test_several_roles_add_up(viewer_for: Any) -> None:
    analyst = hire("analyst")
    before = viewer_for(analyst)
    assert queries.sight(before, "phone") == "hidden" and not before.can("customers.edit")
    analyst.roles.add(Role.objects.get(code="agent"))
    policy.touch()
    after = viewer_for(analyst)
    assert queries.sight(after, "phone") == "masked" and after.can("customers.edit") and after.can("analyze.run")
    assert after.policy_fingerprint != before.policy_fingerprint


def test_two_people_of_one_role_share_a_fingerprint_and_other_roles_do_not(viewer_for: Any) -> None:
    one, two = viewer_for(hire("agent")), viewer_for(hire("agent", email="other@zhike.example", name="小李"))
    assert one.policy_fingerprint == two.policy_fingerprint != viewer_for(hire("analyst")).policy_fingerprint


def test_a_disabled_person_holds_no_right(agent: Staff, viewer_for: Any) -> None:
    agent.is_active = False
    assert viewer_for(agent) == Viewer(agent.pk, agent.display_name)


def test_secret_fields_are_nobodys(viewer_for: Any) -> None:
    FieldRule.objects.filter(cls="secret").update(see="shown", reveal=True)
    policy.touch()
    viewer = viewer_for(hire("owner"))
    assert viewer.rules["class:secret"].see == "hidden"


def test_what_is_hidden_can_be_neither_revealed_nor_edited_nor_exported(viewer_for: Any) -> None:
    analyst = hire("analyst")
    FieldRule.objects.create(
        role=Role.objects.get(code="analyst"), field="qq", see="hidden", reveal=True, edit=True, export=True
    )
    policy.touch()
    right = queries.rights(viewer_for(analyst), "qq")
    assert not (right.reveal or right.edit or right.export)


def test_scope_of_a_team_reaches_its_branches_and_no_other(viewer_for: Any) -> None:
    from zhike.secure.models import Team

    head = Team.objects.create(name="总部")
    branch = Team.objects.create(name="分店", parent=head)
    other = Team.objects.create(name="外人")
    chief, clerk, stranger = hire("supervisor"), hire("agent"), hire("operator")
    for person, team in ((chief, head), (clerk, branch), (stranger, other)):
        Staff.objects.filter(pk=person.pk).update(team=team)
        person.refresh_from_db()
    Role.objects.filter(code="supervisor").update(scope="team")
    policy.touch()
    assert viewer_for(chief).scope_staff_ids() == {chief.pk, clerk.pk}
    assert viewer_for(clerk).scope_staff_ids() is None
    assert viewer_for(hire("account_manager")).scope_staff_ids() == {hire("account_manager").pk}


def test_teams_that_point_at_each_other_do_not_hang(agent: Staff, viewer_for: Any) -> None:
    from zhike.secure.models import Team

    one = Team.objects.create(name="甲")
    two = Team.objects.create(name="乙", parent=one)
    Team.objects.filter(pk=one.pk).update(parent=two)
    Staff.objects.filter(pk=agent.pk).update(team=one)
    agent.refresh_from_db()
    policy.touch()
    assert agent.pk in viewer_for(agent).team_staff_ids


def test_check_refuses_what_is_not_held_and_unknown_codes_are_mistakes(agent: Staff, viewer_for: Any) -> None:
    with pytest.raises(Forbidden):
        permissions.check(viewer_for(agent), "staff.manage")
    with pytest.raises(KeyError):
        permissions.check(SYSTEM, "no.such.permission")
    permissions.check(LOCAL_OPERATOR, "staff.manage")
    assert not NOBODY.can("customers.view")


def test_names_are_masked_for_the_analyst_and_plain_for_the_agent(viewer_for: Any) -> None:
    assert queries.show(viewer_for(hire("analyst")), "name", "欧阳小小") == "欧阳**"
    assert queries.show(viewer_for(hire("agent")), "name", "欧阳小小") == "欧阳小小"
    assert queries.show(viewer_for(hire("officer")), "name", "欧阳小小") == ""


def test_every_field_names_a_mask_the_library_knows() -> None:
    from zhike.secure import masking

    for f in fields.catalogue():
        masked = masking.mask(f.name, "13812345678", wide=False)
        assert masked != "13812345678", f.name


def test_a_field_too_sensitive_to_lie_open_cannot_be_registered() -> None:
    with pytest.raises(ValueError, match="may not lie open"):
        fields.register(fields.Field("id_number", "x", "person", "secret"))  # type: ignore[arg-type]


def test_every_role_and_every_rule_word_is_known() -> None:
    for role in Role.objects.all():
        assert set(role.permissions) <= set(permissions.registry()), role.code
        assert {r.cls for r in role.rules.exclude(cls="")} == set(fields.CLASSES)
    assert Role.objects.count() == 8
