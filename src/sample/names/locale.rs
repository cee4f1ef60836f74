use super::lands::{self, Land};
use super::language::{is_japanese, spelt_in, worded};
use super::words::Words;

/// Of which language and land names, homes and sentences are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)] // Each says it all.
pub enum Locale {
    #[default]
    English,
    German,
    French,
    Spanish,
    Portuguese,
    Italian,
    Dutch,
    Polish,
    Turkish,
    Arabic,
    Hebrew,
    Russian,
    Ukrainian,
    Greek,
    Hindi,
    Japanese,
    Chinese,
    Korean,
    Thai,
    Vietnamese,
    Swedish,
    British,
}

const ALL: [Locale; 22] = [
    Locale::English,
    Locale::German,
    Locale::French,
    Locale::Spanish,
    Locale::Portuguese,
    Locale::Italian,
    Locale::Dutch,
    Locale::Polish,
    Locale::Turkish,
    Locale::Arabic,
    Locale::Hebrew,
    Locale::Russian,
    Locale::Ukrainian,
    Locale::Greek,
    Locale::Hindi,
    Locale::Japanese,
    Locale::Chinese,
    Locale::Korean,
    Locale::Thai,
    Locale::Vietnamese,
    Locale::Swedish,
    Locale::British,
];

/// How many texts are looked at, how many letters of each, and how many votes are enough.
const TEXTS: usize = 2_000;
const READ: usize = 200;
const ENOUGH: usize = 400;
/// How many votes of examples are enough to go by them alone.
const TOLD: usize = 2;
/// How many properties are named in a language before that counts.
const NAMED: usize = 3;

impl Locale {
    /// The one that most of a document's example texts are of, each given with its property's
    /// name: by script, by language and country where the name says that they are such, and by
    /// words that are of one language alone; and where the text is empty, by the name, as several
    /// properties are named in a language and no examples say otherwise. English where nothing does.
    pub fn of<'t>(texts: impl Iterator<Item = (&'t str, &'t str)>) -> Locale {
        let mut votes = [0_usize; ALL.len()];
        let mut spelt = [0_usize; ALL.len()];
        let mut american = 0;
        for (name, text) in texts.take(TEXTS) {
            if votes.iter().sum::<usize>() >= ENOUGH {
                break;
            }
            if let Some(locale) = spelt_in(name).filter(|_| text.is_empty()) {
                spelt[locale as usize] += 1;
                continue;
            }
            let named = named(name, text);
            let Some(locale) = named.or_else(|| written(text)) else {
                continue;
            };
            american += usize::from(named == Some(Locale::English));
            // A code is chosen on purpose; a word may have come by chance.
            votes[locale as usize] += if named.is_some() { 2 } else { 1 };
        }
        // Where examples say it, names have no part in it: many a document is named in another
        // language than it is about.
        let english = votes[Locale::English as usize];
        let is_told = votes.iter().any(|vote| *vote >= TOLD && *vote > english);
        for (vote, spelt) in votes.iter_mut().zip(spelt).filter(|_| !is_told) {
            *vote += if spelt < NAMED { 0 } else { spelt };
        }
        // Japanese is written with Chinese signs too.
        if votes[Locale::Japanese as usize] > 0 {
            votes[Locale::Japanese as usize] += votes[Locale::Chinese as usize];
            votes[Locale::Chinese as usize] = 0;
        }
        // Britain writes as America does.
        if votes[Locale::British as usize] > 2 * american {
            votes[Locale::British as usize] += votes[Locale::English as usize];
            votes[Locale::English as usize] = 0;
        }
        let best = ALL
            .iter()
            .rev()
            .max_by_key(|locale| votes[**locale as usize]);
        match best {
            Some(&best) if votes[best as usize] > votes[Locale::English as usize] => best,
            _ => Locale::English,
        }
    }
}

/// The locale of a code whose property says that it is one.
fn named(name: &str, text: &str) -> Option<Locale> {
    if text.len() > 40 {
        return None;
    }
    let words = Words::of(name);
    let land = |is: &dyn Fn(&Land) -> bool| lands::all().find(|land| is(land));
    let spoken = |text: &str| {
        let mut parts = text.split(['-', '_']);
        let (language, country) = (parts.next()?, parts.next_back());
        let speaks = |land: &Land| land.language.eq_ignore_ascii_case(language);
        let there = land(&|land| speaks(land) && country == Some(land.code));
        // English is spoken in more than one of the lands that are known.
        let english = |land: &Land| land.locale == Locale::English && country != Some(land.code);
        let found = there.or_else(|| land(&|land| speaks(land) || land.language_name == text));
        found.filter(|land| !english(land))
    };
    let found = match words.tails().last()? {
        _ if is_british(&words, text) => return Some(Locale::British),
        "locale" | "language" | "lang" | "culture" => spoken(text),
        "country" | "nationality" => land(&|land| of_country(land, text)),
        "code" | "iso" | "name" if words.has(&["country"]) => land(&|land| of_country(land, text)),
        "code" | "tag" if words.has(&["language", "locale"]) => spoken(text),
        _ => None,
    };
    found.map(|land| land.locale)
}

/// Whether a postcode or a telephone number is one of Britain: `SW1A 1AA`, `+44 ...`.
fn is_british(words: &Words, text: &str) -> bool {
    let is_code = words.has(&["postcode", "post", "postal", "zip"]);
    let is_phone = words.has(&["phone", "telephone", "tel", "mobile", "number", "fax"]);
    let is_of_code = || match text.as_bytes() {
        [outward @ .., digit, one, other] => {
            let outward = outward.trim_ascii_end();
            let begins = outward.first().is_some_and(u8::is_ascii_uppercase);
            let ends =
                digit.is_ascii_digit() && [one, other].iter().all(|c| c.is_ascii_uppercase());
            let has_digit = outward.iter().any(u8::is_ascii_digit);
            begins && ends && has_digit && (2..=4).contains(&outward.len())
        }
        _ => false,
    };
    is_phone && text.starts_with("+44") || is_code && is_of_code()
}

/// What is called in English may be so in a document in English.
fn of_country(land: &Land, text: &str) -> bool {
    [land.code, land.code3, land.name].contains(&text)
}

/// The locale that a text is written in, as far as its letters and words tell.
fn written(text: &str) -> Option<Locale> {
    let mut marks = None;
    let mut han = false;
    for letter in text.chars().take(READ) {
        marks = marks.or(match letter {
            'ぁ'..='ヿ' => return Some(Locale::Japanese),
            '가'..='힣' => return Some(Locale::Korean),
            'ا'..='ي' => return Some(Locale::Arabic),
            'א'..='ת' => return Some(Locale::Hebrew),
            'α'..='ω' | 'Α'..='Ω' | 'ά' | 'έ' | 'ή' | 'ί' | 'ό' | 'ύ' | 'ώ' => {
                // A lone letter is of a formula.
                let letters = text.chars().filter(|letter| ('Ά'..='ώ').contains(letter));
                (letters.take(3).count() == 3).then_some(Locale::Greek)
            }
            'ก'..='๛' => return Some(Locale::Thai),
            'ऀ'..='ॿ' => return Some(Locale::Hindi),
            'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => {
                return Some(Locale::Ukrainian);
            }
            'а'..='я' | 'А'..='Я' => {
                let ukrainian = text.chars().any(|letter| "іїєґІЇЄҐ".contains(letter));
                return Some(match ukrainian {
                    true => Locale::Ukrainian,
                    false => Locale::Russian,
                });
            }
            '一'..='鿿' => {
                han = true;
                None
            }
            'ă' | 'ơ' | 'ư' | 'ả' | 'ạ' | 'ấ' | 'ầ' | 'ậ' | 'ắ' | 'ế' | 'ề' | 'ệ' | 'ễ' | 'ị'
            | 'ố' | 'ồ' | 'ộ' | 'ớ' | 'ờ' | 'ợ' | 'ụ' | 'ủ' | 'ứ' | 'ừ' | 'ự' | 'đ' => {
                Some(Locale::Vietnamese)
            }
            'ß' => Some(Locale::German),
            'ł' | 'Ł' | 'ą' | 'ę' | 'ż' | 'ź' | 'ś' => Some(Locale::Polish),
            'ğ' | 'ı' | 'ş' | 'İ' | 'Ş' => Some(Locale::Turkish),
            'ñ' | '¿' | '¡' => Some(Locale::Spanish),
            'ã' | 'õ' => Some(Locale::Portuguese),
            'œ' => Some(Locale::French),
            // Both are of the one language only.
            'å' | 'Å' if text.contains(['ä', 'ö', 'Ä', 'Ö']) => Some(Locale::Swedish),
            _ => None,
        });
    }
    match (marks, han) {
        (None, true) if is_japanese(text) => Some(Locale::Japanese),
        (None, true) => Some(Locale::Chinese),
        (None, false) => worded(text),
        (marks, _) => marks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[(&str, &str)]) -> Locale {
        Locale::of(texts.iter().copied())
    }

    #[test]
    fn a_script_tells_the_locale() {
        for (text, locale) in [
            ("محمد حسن", Locale::Arabic),
            ("דוד כהן", Locale::Hebrew),
            ("Иван Петров", Locale::Russian),
            ("Київ", Locale::Ukrainian),
            ("Сергій", Locale::Ukrainian),
            ("Αθήνα", Locale::Greek),
            ("नमस्ते दुनिया", Locale::Hindi),
            ("山田太郎", Locale::Japanese),
            ("東京", Locale::Japanese),
            ("会員様", Locale::Japanese),
            ("王小明", Locale::Chinese),
            ("北京市会员", Locale::Chinese),
            ("山田さん", Locale::Japanese),
            ("서울", Locale::Korean),
            ("กรุงเทพ", Locale::Thai),
            ("Nguyễn Văn An", Locale::Vietnamese),
            ("Łódź", Locale::Polish),
            ("Ağaç", Locale::Turkish),
            ("Hauptstraße 5", Locale::German),
            ("Muñoz", Locale::Spanish),
            ("João", Locale::Portuguese),
            ("Åsa Öberg", Locale::Swedish),
            ("wave length µ, angle α", Locale::English),
        ] {
            assert_eq!(of(&[("name", text)]), locale, "{text}");
        }
        // What Japanese writes in Chinese signs alone is Japanese next to what it doesn't.
        let names = [("a", "東京都"), ("b", "大阪府"), ("c", "ありがとう")];
        assert_eq!(of(&names), Locale::Japanese);
    }

    #[test]
    fn words_tell_the_locale() {
        for (text, locale) in [
            (
                "Der Auftrag ist nicht mit dem Konto verbunden",
                Locale::German,
            ),
            (
                "Le colis est dans les mains de nos livreurs pour vous",
                Locale::French,
            ),
            ("El pedido de los clientes con entrega", Locale::Spanish),
            (
                "O pedido não foi enviado em duas caixas",
                Locale::Portuguese,
            ),
            ("Il pacco della signora non arriva", Locale::Italian),
            ("Het pakket van een klant is niet bezorgd", Locale::Dutch),
            ("Ett paket till kunden och en faktura", Locale::Swedish),
            ("Zamówienie nie jest gotowe", Locale::Polish),
            ("Bir kutu ve bir kalem", Locale::Turkish),
            ("The order of a customer", Locale::English),
            ("Rex", Locale::English),
            ("https://x/y", Locale::English),
            ("x y", Locale::English),
            ("", Locale::English),
        ] {
            assert_eq!(of(&[("text", text)]), locale, "{text}");
        }
    }

    #[test]
    fn codes_tell_the_locale_where_their_names_say_so() {
        assert_eq!(of(&[("locale", "de-DE")]), Locale::German);
        assert_eq!(of(&[("preferredLanguage", "pt_BR")]), Locale::Portuguese);
        assert_eq!(of(&[("countryCode", "FR")]), Locale::French);
        assert_eq!(of(&[("country", "JPN")]), Locale::Japanese);
        assert_eq!(of(&[("country", "España")]), Locale::Spanish);
        assert_eq!(of(&[("currency", "EUR")]), Locale::English);
        assert_eq!(of(&[("size", "DE")]), Locale::English);
        assert_eq!(of(&[("language", "tlh")]), Locale::English);
        for (name, text) in [
            ("postcode", "SW1A 1AA"),
            ("postalCode", "M11AE"),
            ("phone", "+44 20 7946 0123"),
            ("country", "GB"),
            ("locale", "en-GB"),
        ] {
            let english = ("text", "This is the way of the world");
            assert_eq!(
                of(&[english, (name, text), english]),
                Locale::British,
                "{text}"
            );
        }
        for (name, text) in [
            ("postcode", "1012 AB"),
            ("zip", "60601"),
            ("postcode", "K1A 0B1"),
            ("locale", "en-US"),
            ("postcode", "é1AA"),
            ("phone", "+1 202 555 0123"),
        ] {
            assert_eq!(of(&[(name, text)]), Locale::English, "{text}");
        }
    }

    #[test]
    fn several_names_of_properties_tell_the_locale() {
        let german = [("Vorname", ""), ("lieferStraße", ""), ("PLZ", "")];
        assert_eq!(of(&german), Locale::German);
        assert_eq!(of(&german[1..]), Locale::English);
        assert_eq!(
            of(&[("prénom", ""), ("ville", ""), ("prix_total", "")]),
            Locale::French
        );
        let plain = [("firstName", ""), ("street", ""), ("price", "")];
        assert_eq!(of(&plain), Locale::English);
    }

    #[test]
    fn most_of_the_texts_count() {
        let english = ("text", "This is the way of the world");
        let german = ("text", "Das ist der Lauf der Welt und nicht mehr");
        assert_eq!(of(&[english, german, english]), Locale::English);
        assert_eq!(of(&[english, german, german]), Locale::German);
        assert_eq!(of(&[english, german]), Locale::English);
    }
}
