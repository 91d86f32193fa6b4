"""Addresses of sign-in (the names the library expects) and of the security pages."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import include, path
from django.views.generic import RedirectView

from zhike.secure.permissions import joining, public, signed_in
from zhike.secure.views import audit, consents, custom_fields, me, policy, single_sign_on, staff
from zhike.secure.views import join as joining_pages

pages = [
    path("security/", audit.home, name="home"),
    path("security/staff/", staff.index, name="staff"),
    path("security/staff/invite/", staff.invite, name="staff_invite"),
    path("security/staff/team/", staff.add_team, name="staff_team"),
    path("security/staff/<int:staff_id>/", staff.one, name="staff_one"),
    path("security/staff/<int:staff_id>/link/", staff.link, name="staff_link"),
    path("security/staff/<int:staff_id>/disable/", staff.disable, name="staff_disable"),
    path("security/staff/<int:staff_id>/enable/", staff.enable, name="staff_enable"),
    path("security/policy/", policy.index, name="policy"),
    path("security/policy/role/", policy.add_role, name="policy_add_role"),
    path("security/policy/<str:role_code>/", policy.role, name="policy_role"),
    path("security/policy/<str:role_code>/fields/", policy.rules, name="policy_rules"),
    path("security/policy/<str:role_code>/exception/", policy.exception, name="policy_exception"),
    path("security/audit/", audit.index, name="audit"),
    path("security/audit/export/", audit.export, name="audit_export"),
    path("security/consents/", consents.index, name="consents"),
    path("security/consents/purposes/new/", consents.add_purpose, name="purpose_new"),
    path("security/consents/<slug:purpose>/", consents.purpose, name="purpose"),
    path("security/consents/<slug:purpose>/notice/", consents.write, name="notice"),
    path("security/consents/<slug:purpose>/archive/", consents.archive, name="purpose_archive"),
    path("fields/", custom_fields.index, name="fields"),
    path("fields/new/", custom_fields.new, name="field_new"),
    path("fields/<slug:code>/", custom_fields.one, name="field_one"),
    path("fields/<slug:code>/archive/", custom_fields.archive, name="field_archive"),
    path("me/", me.index, name="me"),
    path("me/profile/", me.profile, name="me_profile"),
    path("me/watermark.svg", me.watermark, name="watermark"),
    path("me/sign-on/unlink/", me.unlink, name="me_unlink"),
    path("me/sessions/end/", me.end_session, name="me_end_session"),
    path("me/sessions/end-others/", me.end_others, name="me_end_others"),
    path("join/<str:token>/", joining_pages.join, name="join"),
]

_own_page = RedirectView.as_view(pattern_name="secure:me")

urlpatterns = [
    path("account/login/", public(account.login), name="account_login"),
    path("account/logout/", joining(account.logout), name="account_logout"),
    path("account/inactive/", public(account.account_inactive), name="account_inactive"),
    path("account/sign-on/", single_sign_on.away, name="single_sign_on"),
    path("account/sign-on/back/", single_sign_on.back, name="single_sign_on_callback"),
    path("account/reauthenticate/", joining(account.reauthenticate), name="account_reauthenticate"),
    path("account/password/change/", joining(account.password_change), name="account_change_password"),
    path("account/2fa/", signed_in(_own_page), name="mfa_index"),
    path("account/2fa/authenticate/", public(mfa.authenticate), name="mfa_authenticate"),
    path("account/2fa/reauthenticate/", joining(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("account/2fa/totp/activate/", joining(totp.activate_totp), name="mfa_activate_totp"),
    path("account/2fa/totp/deactivate/", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/2fa/recovery-codes/", joining(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/2fa/recovery-codes/generate/",
        joining(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/2fa/recovery-codes/download/",
        joining(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("", include((pages, "secure"))),
]
