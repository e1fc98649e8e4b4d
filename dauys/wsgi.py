import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.settings")
application = get_wsgi_application()

# What was made at the start stays for the life of the process: the collector need not walk it again and again, and
# what a request leaves behind is freed by counting references.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
