//! What people, places, companies and things are called where a language is spoken.
//!
//! A text with letters outside ASCII may say after `|` what it is in ASCII; where that is only
//! about marks on letters, [`ascii`] takes them off.

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
    #[allow(dead_code)]
    pub numeric: &'static str,
    /// Its name in its own language.
    pub name: &'static str,
    /// ISO 639-1, and the language's own name.
    pub language: &'static str,
    pub language_name: &'static str,
    /// ISO 4217, its sign, and whether it has no smaller unit.
    pub currency: &'static str,
    pub sign: &'static str,
    pub whole: bool,
    /// In ITU-T E.164 with `#` for a digit; from ranges that are kept for fiction where the
    /// country has such.
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

/// A town.
#[derive(Debug)]
pub(super) struct Place {
    pub city: &'static str,
    pub region: &'static str,
    /// ISO 3166-2, without the country.
    pub region_code: &'static str,
    pub postal_code: &'static str,
    /// In hundredths of a degree of a degree's hundredth: WGS 84 times 10,000.
    pub latitude: i32,
    pub longitude: i32,
    /// In the IANA database.
    pub zone: &'static str,
}

const LANDS: &[&Land] = &[&western::ENGLISH, &western::GERMAN];

/// The land of a locale.
pub(super) fn of(locale: Locale) -> &'static Land {
    let found = LANDS.iter().find(|land| land.locale == locale);
    found.copied().unwrap_or(&western::ENGLISH)
}

pub(super) fn all() -> impl Iterator<Item = &'static Land> {
    LANDS.iter().copied()
}

/// A text of these tables as it is written.
pub(super) fn native(text: &'static str) -> &'static str {
    text.split('|').next().unwrap_or(text)
}

/// A text of these tables in ASCII.
pub(super) fn ascii(text: &'static str) -> Cow<'static, str> {
    match text.split_once('|') {
        Some((_, ascii)) => Cow::Borrowed(ascii),
        None if text.is_ascii() => Cow::Borrowed(text),
        None => Cow::Owned(text.chars().map(unmarked).collect()),
    }
}

fn unmarked(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' | 'ă' | 'ả' | 'ạ' | 'ầ' | 'ấ' | 'ậ' | 'ắ' | 'ặ' | 'ą' => {
            'a'
        }
        'Á' | 'À' | 'Â' | 'Ã' | 'Ä' => 'A',
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

/// A family's name as a man or a woman of it has it: `Иванов`, `Иванова`.
pub(super) fn family(land: &Land, family: &'static str, female: bool) -> String {
    let name = native(family);
    match female && land.locale == Locale::Russian {
        true => format!("{name}а"),
        false => name.to_owned(),
    }
}
