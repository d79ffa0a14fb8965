"""Who you are: accounts, second factors and what is noted of them. Pages and checks are django-allauth's."""
