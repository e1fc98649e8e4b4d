from django import template

register = template.Library()
"""The one library all parts are registered in."""
