"""Places share their shape, and still don't stand in for one another."""

import pytest

import chub


@pytest.mark.parametrize("place", [chub.Address(city="Milano"), chub.Store(city="Milano")])
def test_a_place_with_further_keys_does_not_pass_for_a_localization(place: chub.Localization) -> None:
    with pytest.raises(chub.InvalidValue) as raised:
        chub.Client(localization=place)
    assert f"localization: chub.Localization(...) is needed, not {type(place).__name__}" == str(raised.value)


def test_each_place_has_its_own_keys_on_the_wire() -> None:
    geo = chub.Geo(lat=45.46, lon=9.19)
    shared = {"city": "Milano", "geo": {"lat": 45.46, "lon": 9.19}}
    assert shared == chub.encode(chub.Localization(city="Milano", geo=geo))
    assert shared | {"street": "via Roma 1"} == chub.encode(chub.Address(city="Milano", geo=geo, street="via Roma 1"))
    assert shared | {"website": "shop.example.com"} == chub.encode(
        chub.Store(city="Milano", geo=geo, website="shop.example.com")
    )
