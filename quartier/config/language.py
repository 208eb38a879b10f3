"""Which language a page speaks: what its address says, else what the browser prefers, else the organisation's."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from quartier.config import organisation


class LanguageMiddleware(LocaleMiddleware):
    """Django's, but somebody whose languages we do not speak gets the organisation's first one, not English."""

    def process_request(self, request: HttpRequest) -> None:
        in_address = translation.get_language_from_path(request.path_info)
        if in_address:
            language = in_address
        else:
            codes = dict(settings.LANGUAGES)
            wanted = [
                part.split(";")[0].strip()[:2]
                for part in request.headers.get("Accept-Language", "").split(",")
            ]
            here = organisation.of(request)
            spoken = [*(here.languages if here else []), *codes]
            language = next((code for code in wanted if code in codes), spoken[0])
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
