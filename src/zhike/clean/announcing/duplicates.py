"""What the search for duplicates announces: the part of the rail itself, its rights and its page."""

from django.utils.translation import gettext_lazy as _


def announce() -> None:
    """Rights and the place in the rail; other parts of the module stand below the same item, from 57 on."""
    from zhike.secure import permissions
    from zhike.ui.frame import nav_item

    permissions.register("clean.view", _("See duplicates"))
    permissions.register("clean.decide", _("Decide on duplicates"))
    permissions.register("clean.run", _("Search for duplicates and merge many at once"))
    under = ("/clean/",)
    nav_item(
        "clean", "Clean", "wash", "clean:duplicates", "clean.view", 55, key="z", keywords="zhengli zl", under=under
    )
    marks = ("clean.duplicates", "Duplicates", "git-merge", "clean:duplicates", "clean.view", 56)
    nav_item(*marks, parent="clean", keywords="chongfu kehu cf", under=("/clean/duplicates/",))
