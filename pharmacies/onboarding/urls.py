"""The coordinator's and the administrator's addresses."""

from django.urls import path

from pharmacies.readiness import views as readiness

from . import guards
from .views import files, force, invitations, joining, people, sites, tablets

app_name = "onboarding"
urlpatterns = [
    path("", sites.pharmacies, name="pharmacies"),
    path("readiness/", readiness.readiness, name="readiness"),
    path("pharmacies/add/", sites.add, name="add"),
    path("pharmacies/<uuid:pharmacy>/", sites.pharmacy, name="pharmacy"),
    path("pharmacies/<uuid:pharmacy>/details/", sites.edit, name="edit"),
    path("pharmacies/<uuid:pharmacy>/owner/", sites.owner, name="owner"),
    path("pharmacies/<uuid:pharmacy>/confirm/", sites.act, {"what": "confirm"}, name="confirm_force"),
    path("pharmacies/<uuid:pharmacy>/join/", sites.act, {"what": "join"}, name="bring_on_board"),
    path("pharmacies/<uuid:pharmacy>/suspend/", sites.act, {"what": "suspend"}, name="suspend"),
    path("pharmacies/<uuid:pharmacy>/resume/", sites.act, {"what": "resume"}, name="resume"),
    path("pharmacies/<uuid:pharmacy>/checks/<slug:item>/", sites.check, name="site_check"),
    path("pharmacies/<uuid:pharmacy>/invite/", invitations.to_pharmacy, name="invite"),
    path("pharmacies/<uuid:pharmacy>/tablets/new/", tablets.new_tablet, name="new_tablet"),
    path("tablets/<uuid:tablet>/revoke/", tablets.revoke_tablet, name="revoke_tablet"),
    path("owners/", sites.owners, name="owners"),
    path("owners/<slug:owner>/", sites.chain, name="chain"),
    path("owners/<slug:owner>/invite/", invitations.to_owner, name="invite_lead"),
    path("invitations/<uuid:invitation>/again/", invitations.invitation, {"what": "again"}, name="invite_again"),
    path("invitations/<uuid:invitation>/withdraw/", invitations.invitation, {"what": "withdraw"}, name="withdraw"),
    path("invitations/<uuid:invitation>/by-hand/", invitations.invitation, {"what": "by_hand"}, name="by_hand"),
    path("people/", people.training, name="training"),
    path("people/<uuid:staff>/", people.person, name="person"),
    path("people/<uuid:staff>/unlock/", people.unlock, name="unlock"),
    path("people/<uuid:staff>/pin/", invitations.new_pin, name="new_pin"),
    path("people/<uuid:staff>/leave/", people.leave, name="leave"),
    path("administrators/<uuid:administrator>/end/", people.end_administrator, name="end_administrator"),
    path("applications/", joining.applications, name="applications"),
    path("applications/<uuid:application>/", joining.application, name="application"),
    path("applications/<uuid:application>/rung/", joining.answer, {"what": "rung"}, name="rung"),
    path("applications/<uuid:application>/approve/", joining.answer, {"what": "approve"}, name="approve"),
    path("files/", files.files, name="files"),
    path("files/<uuid:upload>/", files.file, name="file"),
    path("files/<uuid:upload>/progress/", files.progress, name="progress"),
    path("files/<uuid:upload>/columns/", files.columns, name="columns"),
    path("files/<uuid:upload>/apply/", files.apply, name="apply"),
    path("files/<uuid:upload>/rows.csv", files.rows, name="rows"),
    path("force/", force.force, name="force"),
    path("force/begin/", force.begin, name="force_begin"),
    path("force/settings/", force.settings, name="force_settings"),
    path("force/grades/", force.grade, name="grade"),
    path("force/lines/", force.line, name="line"),
    path("force/checks/<slug:item>/", force.check, name="force_check"),
    path("force/stage/", force.stage, name="stage"),
    path("force/people/", guards.people, name="guards"),
    path("force/people/invite/", invitations.to_force, name="invite_member"),
    path("force/people/<uuid:member>/end/", guards.end, name="end_member"),
    path("force/sign-in/", guards.sign_in, name="force_sign_in"),
    path("force/people/<uuid:member>/second-factor/", guards.reset_factor, name="reset_factor"),
    path("force/people/<uuid:member>/conflict/", guards.conflict, name="conflict"),
    path("directory/", force.directory, name="directory"),
    path("directory/new/", force.directory_line, name="directory_new"),
    path("directory/<uuid:line>/", force.directory_line, name="directory_line"),
]
