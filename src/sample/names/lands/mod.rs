//! What people, places, companies and things are called where a language is spoken.
//!
//! A text with letters outside ASCII may say after `|` what it is in ASCII; where that is only
//! about marks on letters, [`ascii`] takes them off.

// A list of names to a line, not a name.
#[rustfmt::skip]
mod abroad;
#[rustfmt::skip]
mod asian;
#[rustfmt::skip]
mod eastern;
#[rustfmt::skip]
mod western;

use super::Locale;
use std::borrow::Cow;

/// A country, and the language that is spoken there.
#[derive(Debug)]
pub(super) struct Land {
    pub locale: Locale,
    /// ISO 3166-1 alpha-2, alpha-3 and numeric.
    pub code: &'static str,
    pub code3: &'static str,
    pub numeric: &'static str,
    /// Its name in its own language, and in English.
    pub name: &'static str,
    pub english: &'static str,
    /// ISO 639-1, and the language's own name.
    pub language: &'static str,
    pub language_name: &'static str,
    /// ISO 4217, its sign, and where it has no smaller unit, how many are worth a cup of tea.
    pub currency: &'static str,
    pub sign: &'static str,
    pub whole: i64,
    /// In ITU-T E.164 with `#` for a digit: from a range that is kept for fiction where the
    /// country has one, else with digits that no number there begins with.
    pub phone: &'static str,
    /// What calls to the country begin with.
    pub dial: &'static str,
    pub men: &'static [&'static str],
    pub women: &'static [&'static str],
    /// As men have them.
    pub families: &'static [&'static str],
    /// What stands before and after a given name: `山田 太郎`.
    pub family_first: bool,
    pub between: &'static str,
    /// With `{}` for the number of the house.
    pub streets: &'static [&'static str],
    pub places: &'static [Place],
    pub companies: &'static [&'static str],
    /// Things that one makes, sells or writes down.
    pub things: &'static [&'static str],
    pub jobs: &'static [&'static str],
    pub sentences: &'static [&'static str],
}

impl Land {
    /// Whether it is the country of a name or a code.
    pub fn is_called(&self, text: &str) -> bool {
        let is_code = || [self.code, self.code3].contains(&text);
        let names = [self.name, self.english];
        is_code() || names.iter().any(|name| name.eq_ignore_ascii_case(text))
    }

    /// Whether people there write in Latin letters.
    fn is_latin(&self) -> bool {
        is_latin(self.name)
    }
}

/// A town.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub city: &'static str,
    pub region: &'static str,
    /// ISO 3166-2, without the country.
    pub region_code: &'static str,
    pub postal_code: &'static str,
    /// In ten thousandths of a degree (WGS 84).
    pub latitude: i32,
    pub longitude: i32,
    /// In the IANA database.
    pub zone: &'static str,
}

impl Place {
    fn is_called(&self, name: &str) -> bool {
        self.city == name || self.city.eq_ignore_ascii_case(name)
    }
}

const fn place(
    city: &'static str,
    region: &'static str,
    region_code: &'static str,
    postal_code: &'static str,
    (latitude, longitude): (i32, i32),
    zone: &'static str,
) -> Place {
    Place {
        city,
        region,
        region_code,
        postal_code,
        latitude,
        longitude,
        zone,
    }
}

/// In the order of [`Locale`].
const LANDS: [&Land; 22] = [
    &western::ENGLISH,
    &western::GERMAN,
    &western::FRENCH,
    &western::SPANISH,
    &western::PORTUGUESE,
    &western::ITALIAN,
    &western::DUTCH,
    &eastern::POLISH,
    &eastern::TURKISH,
    &eastern::ARABIC,
    &eastern::HEBREW,
    &eastern::RUSSIAN,
    &eastern::UKRAINIAN,
    &eastern::GREEK,
    &asian::HINDI,
    &asian::JAPANESE,
    &asian::CHINESE,
    &asian::KOREAN,
    &asian::THAI,
    &asian::VIETNAMESE,
    &western::SWEDISH,
    &western::BRITISH,
];

/// The land of a locale.
pub(super) fn of(locale: Locale) -> &'static Land {
    LANDS[locale as usize]
}

pub(super) fn all() -> impl Iterator<Item = &'static Land> {
    LANDS.iter().copied()
}

/// Names of countries beside those that the tables have.
const OTHERWISE: [(&str, &str); 9] = [
    ("USA", "US"),
    ("United States of America", "US"),
    ("UK", "GB"),
    ("Great Britain", "GB"),
    ("England", "GB"),
    ("Holland", "NL"),
    ("Czech Republic", "CZ"),
    ("Korea", "KR"),
    ("UAE", "AE"),
];

/// The country of a name or a code: with people and things as they are thought of there where it is
/// called as it is there or written in the same letters, else as one speaks of it in English.
pub(super) fn called(text: &str) -> Option<&'static Land> {
    let mut otherwise = OTHERWISE.iter();
    let code = otherwise.find_map(|(name, code)| (*name == text).then_some(*code));
    let text = code.unwrap_or(text);
    let mut own = all().filter(|land| land.is_latin() || land.name == text);
    own.find(|land| land.is_called(text))
        .or_else(|| abroad::all().find(|land| land.is_called(text)))
}

/// A town of a name, and its country; in a country, where that is known.
pub(super) fn town(
    name: &str,
    of: Option<&'static Land>,
) -> Option<(&'static Land, &'static Place)> {
    let place = |land: &'static Land| {
        let mut places = land.places.iter();
        let found = places.find(|place| place.is_called(name));
        found.map(|place| (land, place))
    };
    if let Some(land) = of {
        let mut towns = abroad::towns(name);
        let mut there = || towns.find(|(code, _)| *code == land.code);
        return place(land).or_else(|| Some((land, &there()?.1)));
    }
    let known = || {
        let (code, place) = abroad::towns(name).next()?;
        let is_native = |land: &&Land| land.is_latin() || !is_latin(name);
        let own = all().filter(is_native).find(|land| land.code == *code);
        let land = own.or_else(|| abroad::all().find(|land| land.code == *code))?;
        Some((land, place))
    };
    let own = || all().find_map(place);
    known()
        .or_else(own)
        .or_else(|| abroad::all().find_map(place))
}

/// A country that pays with a currency.
pub(super) fn paying(currency: &str) -> Option<&'static Land> {
    let pays = |land: &&Land| land.currency == currency;
    // Of those that share one none is told.
    all().find(pays).or_else(|| abroad::all().find(pays))
}

/// A name of these tables as it is written, with what it is in ASCII.
pub(super) fn spelt(name: &str) -> Option<&'static str> {
    let people = all().flat_map(|land| [land.men, land.women, land.families]);
    let mut names = people.chain([&JAPANESE_NAMES[..]]).flatten().copied();
    names.find(|known| known.contains('|') && native(known) == name)
}

/// More names that are common in Japan.
const JAPANESE_NAMES: [&str; 24] = [
    "山田|yamada",
    "吉田|yoshida",
    "松本|matsumoto",
    "井上|inoue",
    "木村|kimura",
    "林|hayashi",
    "斎藤|saito",
    "清水|shimizu",
    "山口|yamaguchi",
    "池田|ikeda",
    "橋本|hashimoto",
    "阿部|abe",
    "石川|ishikawa",
    "前田|maeda",
    "藤田|fujita",
    "小川|ogawa",
    "岡田|okada",
    "村上|murakami",
    "次郎|jiro",
    "一郎|ichiro",
    "健太|kenta",
    "幸子|sachiko",
    "由美|yumi",
    "愛|ai",
];

/// Whether a text is written in Latin letters.
pub(super) fn is_latin(text: &str) -> bool {
    text.chars()
        .all(|letter| letter < '\u{250}' || !letter.is_alphabetic())
}

/// A text of these tables as it is written.
pub(super) fn native(text: &str) -> &str {
    text.split('|').next().unwrap_or(text)
}

/// A text of these tables in ASCII.
pub(super) fn ascii(text: &str) -> Cow<'_, str> {
    match text.split_once('|') {
        Some((_, ascii)) => Cow::Borrowed(ascii),
        None if text.is_ascii() => Cow::Borrowed(text),
        None => Cow::Owned(text.chars().map(unmarked).collect()),
    }
}

/// Adds a small letter without what marks it; as it is, where nothing is known of it.
pub(super) fn push_unmarked(letter: char, text: &mut String) {
    match letter {
        'ß' => text.push_str("ss"),
        'æ' => text.push_str("ae"),
        'œ' => text.push_str("oe"),
        'ø' => text.push('o'),
        letter => text.push(match unmarked(letter) {
            '-' => letter,
            plain => plain,
        }),
    }
}

fn unmarked(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ă' | 'ả' | 'ạ' | 'ầ' | 'ấ' | 'ậ' | 'ắ' | 'ặ' | 'ą' => {
            'a'
        }
        'Á' | 'À' | 'Â' | 'Ã' | 'Ä' | 'Å' => 'A',
        'ç' | 'ć' | 'č' => 'c',
        'Ç' => 'C',
        'đ' => 'd',
        'Đ' => 'D',
        'é' | 'è' | 'ê' | 'ë' | 'ę' | 'ế' | 'ề' | 'ệ' | 'ễ' | 'ể' | 'ẹ' => 'e',
        'É' | 'È' | 'Ê' => 'E',
        'ğ' => 'g',
        'í' | 'ì' | 'î' | 'ï' | 'ı' | 'ị' | 'ĩ' | 'ỉ' => 'i',
        'Í' | 'Î' | 'İ' => 'I',
        'ł' => 'l',
        'Ł' => 'L',
        'ñ' | 'ń' => 'n',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'ơ' | 'ồ' | 'ố' | 'ộ' | 'ổ' | 'ờ' | 'ớ' | 'ọ' | 'ỏ' => {
            'o'
        }
        'Ó' | 'Ö' | 'Ô' => 'O',
        'ś' | 'ş' => 's',
        'Ś' | 'Ş' => 'S',
        'ú' | 'ù' | 'û' | 'ü' | 'ư' | 'ủ' | 'ụ' | 'ũ' | 'ữ' | 'ứ' | 'ừ' | 'ự' => {
            'u'
        }
        'Ú' | 'Ü' => 'U',
        'ý' | 'ỳ' | 'ỹ' => 'y',
        'ź' | 'ż' => 'z',
        'Ź' | 'Ż' => 'Z',
        '’' => '\'',
        letter if letter.is_ascii() => letter,
        _ => '-',
    }
}

/// What a man or a woman has at the end of a family's name, as it is written and in ASCII:
/// `Иванов`, `Иванова`.
pub(super) fn ending(land: &Land, female: bool) -> (&'static str, &'static str) {
    match female && land.locale == Locale::Russian {
        true => ("а", "a"),
        false => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lands_stand_in_the_order_of_their_locales() {
        for (place, land) in all().enumerate() {
            assert_eq!(land.locale as usize, place, "{}", land.name);
            assert!(std::ptr::eq(of(land.locale), land));
        }
    }

    #[test]
    fn lands_lack_nothing() {
        for land in all() {
            let name = land.name;
            let code = |text: &str, length: usize| {
                text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            };
            assert!(
                code(land.code, 2) && code(land.code3, 3) && code(land.numeric, 3),
                "{name}"
            );
            assert!(code(land.currency, 3) && code(land.language, 2), "{name}");
            assert!(land.phone.starts_with(&format!("+{}", land.dial)), "{name}");
            assert!((8..=16).contains(&land.phone.len()), "{name}");
            assert!(land.men.len() > 4 && land.women.len() > 4, "{name}");
            assert!(land.families.len() > 7 && land.places.len() > 2, "{name}");
            for list in [land.companies, land.things, land.jobs, land.sentences] {
                assert!(list.len() > 3, "{name}");
            }
            assert!(
                land.streets
                    .iter()
                    .all(|street| street.matches("{}").count() == 1)
            );
            for place in land.places {
                assert!(
                    place.zone.parse::<chrono_tz::Tz>().is_ok(),
                    "{}",
                    place.zone
                );
                assert!(place.latitude.abs() < 900_000 && place.longitude.abs() < 1_800_000);
            }
        }
    }

    #[test]
    fn what_addresses_are_made_of_is_known_in_ascii() {
        for land in all() {
            for list in [
                land.men,
                land.women,
                land.families,
                land.companies,
                land.things,
            ] {
                for text in list {
                    let ascii = ascii(text);
                    let kept = ascii.bytes().filter(u8::is_ascii_alphanumeric).count();
                    assert!(ascii.is_ascii() && kept > 1, "{text}: {ascii}");
                    let letters = native(text).chars().filter(|c| c.is_alphabetic()).count();
                    // A letter that nothing is known of would have become a hyphen.
                    assert!(text.contains('|') || kept == letters, "{text}: {ascii}");
                }
            }
        }
    }
}
