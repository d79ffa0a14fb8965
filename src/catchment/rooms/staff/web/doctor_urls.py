"""The address of a resident's doctor."""

from django.urls import path

from catchment.rooms.staff.web import doctor

urlpatterns = [path("<uuid:public_id>/doctor", doctor.doctor, name="person-doctor")]
