use super::ask::{Ask, Senses};
use super::lands::Place;
use super::persona::one;
use super::states::PROGRAMMING;
use super::subject::{self, Subject};
use super::web;
use serde_json::Value;

pub(super) const STREET: &str = "street, street address, address line 1, line 1, address 1, \
    street 1, addressline 1, address line, street name, street line 1, addr 1, addr line 1, \
    street line, thoroughfare, line one, address line one, address street, line, strasse, \
    strassenname, rue, calle, rua, straat, straatnaam";
pub(super) const CITY: &str = "city, city name, town, locality, address city, cityname, \
    municipality, town or city, suburb, post town, admin area 2, city town, ort, stadt, wohnort, \
    ville, commune, ciudad, poblacion, localidad, citta, comune, cidade, municipio, plaats, stad, \
    woonplaats";
pub(super) const POSTAL_CODE: &str = "postal code, zip, zip code, postcode, post code, zipcode, \
    postalcode, plz, postleitzahl, address zip, pin code, pincode, zip postal code, address \
    postal code, cep, zip or postal code, postal, code postal, codigo postal, codice postale";
pub(super) const CURRENCY: &str = "currency, currency code, currencycode, currency iso, iso \
    currency code, currency id, currency iso code, wahrung, waehrung, devise, moneda, divisa, \
    valuta, moeda";

pub(super) const COUNTRY: &str = "country, country code, countrycode, country name, countryname, \
    country iso, iso country code, country iso code, country code alpha 2, country code iso, \
    country id, address country, country code 3, land, landercode, pays, code pays, pais, codigo \
    pais, paese, codice paese, landcode";

/// Names of what says where somebody or something is.
pub(super) const PLACES: Senses = &[
    (STREET, |ask, _| match ask.words.last() == "name" {
        true => {
            let street = ask.persona.street();
            let kept = street.trim_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == ',');
            ask.text(kept)
        }
        false => ask.text(ask.persona.street()),
    }),
    (
        "extended address, address line 2, line 2, address 2, street 2, addressline 2, addr 2, apartment, \
         street line 2, suite, unit number, apt, address line two, apartment number",
        |ask, _| {
            let mut draw = ask.persona.fact("suite");
            ask.integer(1 + draw.below(40) as i64)
        },
    ),
    (
        "address line 3, line 3, address 3, street 3, address line 4, administrative district \
         level 1, district name",
        |ask, _| ask.text(ask.persona.place.region),
    ),
    (
        "house number, street number, building number, house no, housenumber, premise, house \
         nr, building, hausnummer, hausnr, numero de rue, numero civico, huisnummer",
        |ask, _| house(ask),
    ),
    (
        "address, full address, formatted address, mailing address, postal address, shipping \
         address, billing address, home address, addr, street and city, delivery address, \
         physical address, business address, freeform address, adresse, anschrift, \
         lieferadresse, rechnungsadresse, direccion, domicilio, indirizzo, endereco, morada, \
         adres",
        |ask, _| {
            let persona = ask.persona;
            let (street, place) = (persona.street(), persona.place);
            match persona.land.code {
                "US" => ask.text(format!(
                    "{street}, {}, {} {}",
                    place.city, place.region_code, place.postal_code
                )),
                "GB" => ask.text(format!("{street}, {}, {}", place.city, place.postal_code)),
                _ => ask.text(format!("{street}, {} {}", place.postal_code, place.city)),
            }
        },
    ),
    (CITY, |ask, _| ask.text(ask.persona.place.city)),
    (
        "place of birth, birth place, birthplace, geburtsort, lieu de naissance, lugar de \
         nacimiento, luogo di nascita, geboorteplaats",
        |ask, _| ask.text(ask.persona.place.city),
    ),
    // Short words that are others where nothing else tells of a place.
    ("via", |ask, _| match is_placed(ask) {
        true => ask.text(ask.persona.street()),
        false => None,
    }),
    ("cap", |ask, _| match is_placed(ask) {
        true => ask.text(ask.persona.place.postal_code),
        false => None,
    }),
    (
        "region, province, state name, county, address state, region name, state province, \
         state or province, prefecture, administrative area, territory, province name, admin \
         area 1, county name, district, state or region, us state, stateprovince, country \
         subdivision, billing state, shipping state, area, bundesland, kanton, provincia, \
         regione, regiao, provincie",
        |ask, _| ask.text(ask.persona.place.region),
    ),
    (
        "license plate state, plate state, state code, region code, province code, subdivision code, state abbreviation, iso \
         region code, state iso",
        |ask, _| ask.text(ask.persona.place.region_code),
    ),
    (POSTAL_CODE, |ask, _| match ask.is_text() {
        true => ask.text(ask.persona.place.postal_code),
        false => ask.integer(ask.persona.place.postal_code.parse().ok()?),
    }),
    (
        "country name, country region, countryname, nation, address country name, land, pays, \
         pais, paese",
        |ask, _| ask.text(ask.persona.country()),
    ),
    // Beside its code it is a name.
    ("country, address country", |ask, _| {
        ask.text(if ask.persona.kin.coded {
            ask.persona.country()
        } else {
            ask.persona.land.code
        })
    }),
    (
        "country code, countrycode, country iso, iso country code, country iso code, \
         country code alpha 2, country code 2, alpha 2, iso 2, country of \
         residence, country id, country code iso, alpha 2 code, iso 3166, country of origin, \
         iso code, issuing country, iso alpha 2, landercode, landerkennzeichen, code pays, \
         codigo pais, codice paese, landcode",
        |ask, _| ask.text(ask.persona.land.code),
    ),
    (
        "country numeric, country numeric code, iso numeric, country code numeric",
        |ask, _| match ask.is_text() {
            true => ask.text(ask.persona.land.numeric),
            false => ask.integer(ask.persona.land.numeric.parse().ok()?),
        },
    ),
    (
        "country code 3, iso 3, alpha 3, country code alpha 3, country iso 3, country alpha \
         3, country code iso 3, alpha 3 code, iso alpha 3",
        |ask, _| ask.text(ask.persona.land.code3),
    ),
    (
        "calling code, dial code, phone country code, country calling code, dialing code",
        |ask, _| {
            let phone = ask.persona.land.dial;
            match ask.is_text() {
                true => ask.text(format!("+{phone}")),
                false => ask.integer(phone.parse().ok()?),
            }
        },
    ),
    (
        "latitude, lat, geo lat, y coordinate, north, south",
        |ask, _| {
            let side = side(
                ask,
                &["north", "northeast", "ne"],
                &["south", "southwest", "sw"],
            );
            ask.decimal(i64::from(ask.persona.place.latitude) + side, 4)
        },
    ),
    (
        "longitude, lng, lon, long, geo lng, geo long, x coordinate, east, west",
        |ask, _| {
            let side = side(
                ask,
                &["east", "northeast", "ne"],
                &["west", "southwest", "sw"],
            );
            ask.decimal(i64::from(ask.persona.place.longitude) + side, 4)
        },
    ),
    (
        "lat lng, latlng, latlong, lat long, geo point, geopoint, coordinate, gps, \
         coordinates, gps coordinates, lat lon, geo location",
        |ask, _| {
            let place = ask.persona.place;
            let degrees = |value: i32| f64::from(value) / 10_000.0;
            ask.text(format!(
                "{},{}",
                degrees(place.latitude),
                degrees(place.longitude)
            ))
        },
    ),
    (
        "timezone, time zone, tz, timezone name, timezone id, time zone id, zone info, \
         zoneinfo, time zone name, tz name, iana timezone, tzid, tz id",
        |ask, _| ask.text(ask.persona.place.zone),
    ),
    (
        "utc offset, gmt offset, timezone offset, time zone offset, tz offset, zone offset, \
         offset utc, offset from utc, utc offset string",
        |ask, _| {
            let minutes = offset(ask.persona.place);
            let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
            let sign = if minutes < 0 { '-' } else { '+' };
            match ask.is_text() {
                true => ask.text(format!("{sign}{hours:02}:{rest:02}")),
                false => ask.integer(minutes),
            }
        },
    ),
    (
        "utc offset minutes, offset minutes, gmt offset minutes, utc offset in minutes",
        |ask, _| ask.integer(offset(ask.persona.place)),
    ),
    (
        "utc offset seconds, offset seconds, gmt offset seconds, raw offset, utc offset in seconds",
        |ask, _| ask.integer(60 * offset(ask.persona.place)),
    ),
    (
        "utc offset hours, offset hours, gmt offset hours",
        |ask, _| ask.decimal(offset(ask.persona.place) * 10 / 60, 1),
    ),
    (
        "locale, locale code, language tag, culture, preferred locale, user locale, culture \
         code, locale id",
        |ask, _| {
            let land = ask.persona.land;
            ask.text(format!("{}-{}", land.language, land.code))
        },
    ),
    (
        "language, hreflang, lang, language code, lang code, preferred language, locale language, \
         language iso, original language, default language, language id, iso 639 1, sprache, \
         langue, idioma, lingua, taal",
        |ask, draw| match ask.is_near(&["repository", "repo", "gist", "snippet", "code"]) {
            true if ask.words.all() == "language" => ask.one_of(&PROGRAMMING, draw),
            _ => ask.text(ask.persona.land.language),
        },
    ),
    ("language name", |ask, _| {
        ask.text(ask.persona.land.language_name)
    }),
    (CURRENCY, |ask, _| ask.text(ask.persona.tender.currency)),
    (
        "base currency, default currency, price currency, target currency, source currency, \
         quote currency, settlement currency",
        |ask, _| ask.text(ask.persona.tender.currency),
    ),
    ("currency symbol, currency sign", |ask, _| {
        ask.text(ask.persona.tender.sign)
    }),
    (
        "location, venue, place, location name, venue name, place name",
        |ask, _| {
            let place = ask.persona.place;
            ask.text(match ask.persona.land.code {
                "US" => format!("{}, {}", place.city, place.region_code),
                _ => place.city.to_owned(),
            })
        },
    ),
    (
        "origin city, destination, departure city, arrival city, port of loading, hometown, \
         home town, destination name",
        |ask, draw| {
            let places = ask.persona.land.places;
            ask.text(places[draw.below(places.len())].city)
        },
    ),
    ("origin", |ask, draw| match ask.is_near(&TRIPS) {
        true => {
            let places = ask.persona.land.places;
            ask.text(places[draw.below(places.len())].city)
        }
        false => web::home(ask),
    }),
    ("continent", |ask, _| {
        ask.text(ask.persona.place.zone.split('/').next().unwrap_or_default())
    }),
    ("neighborhood, neighbourhood, landmark", |ask, _| {
        let street = one(ask.persona.land.streets, &mut ask.persona.fact("street"));
        ask.text(street.replace("{}", "").trim_matches([' ', ',']))
    }),
];

/// What leads from somewhere to somewhere.
const TRIPS: [&str; 15] = [
    "trip",
    "flight",
    "leg",
    "legs",
    "route",
    "journey",
    "shipment",
    "travel",
    "segment",
    "segments",
    "itinerary",
    "ride",
    "voyage",
    "transfer",
    "delivery",
];

/// How far a side of a box around a place lies from it, in ten thousandths of a degree: the most
/// of it and the least, by its own name or that of the corner that it is of.
fn side(ask: &Ask<'_>, most: &[&str], least: &[&str]) -> i64 {
    match () {
        () if ask.words.has(&["max", "maximum", "upper"]) || ask.is_near(most) => 400,
        () if ask.words.has(&["min", "minimum", "lower"]) || ask.is_near(least) => -400,
        () => 0,
    }
}

/// Whether a word stands alone, and beside others that tell of a place.
fn is_placed(ask: &Ask<'_>) -> bool {
    ask.persona.kin.placed && ask.words.first() == ask.words.all()
}

/// The number of the house in the street.
pub(super) fn house(ask: &Ask<'_>) -> Option<Value> {
    let street = ask.persona.street();
    let digits: String = street.chars().filter(char::is_ascii_digit).collect();
    ask.integer(digits.parse().ok()?)
}

/// Whether `state` is where something lies, rather than how it is.
pub(super) fn state_is_a_region(ask: &Ask<'_>) -> bool {
    let around = [
        "address",
        "addresses",
        "billing",
        "shipping",
        "location",
        "residence",
        "geo",
        "home",
        "mailing",
        "birth",
    ];
    let somewhere = [Subject::Person, Subject::Company, Subject::Place];
    ask.persona.kin.placed
        || ask.is_near(&around)
        || somewhere.contains(&subject::of(&ask.owner("state")))
}

/// How many minutes a zone is ahead of UTC in winter.
fn offset(place: &Place) -> i64 {
    match place.zone {
        "America/Los_Angeles" => -480,
        "America/Denver" => -420,
        "America/Chicago" => -360,
        "America/New_York" => -300,
        "America/Bahia" | "America/Sao_Paulo" => -180,
        "Europe/London" => 0,
        "Africa/Cairo" | "Asia/Jerusalem" | "Europe/Athens" | "Europe/Kyiv" => 120,
        "Europe/Istanbul" | "Europe/Moscow" => 180,
        "Asia/Kolkata" => 330,
        "Asia/Bangkok" | "Asia/Ho_Chi_Minh" | "Asia/Novosibirsk" => 420,
        "Asia/Shanghai" => 480,
        "Asia/Seoul" | "Asia/Tokyo" => 540,
        zone if zone.starts_with("Europe/") => 60,
        // By where the sun is, about.
        _ => (f64::from(place.longitude) / 150_000.0).round() as i64 * 60,
    }
}
