use super::ask::{Ask, BASE62, CODE, DECIMAL, HEX, Senses, digits};
use super::places;
use super::subject;
use crate::sample::draw::Draw;
use serde_json::Value;

/// Names of what tells one thing from another.
pub(super) const IDENTITIES: Senses = &[
    (
        "id, identifier, ident, pk, oid, sid, rid, external id, object id, public id, \
         resource id, node id, entity id, gid, ids, cid, pid, tid, reference id, external \
         identifier, internal id, item id, ref id, local id",
        |ask, draw| id(ask, draw),
    ),
    (
        "uuid, guid, uid, unique id, global id, uniqueid, trace id uuid",
        |ask, draw| match ask.is_text() {
            true => ask.text(uuid(draw)),
            false => id(ask, draw),
        },
    ),
    (
        "request id, correlation id, trace id, span id, x request id, idempotency key, \
         transaction id, operation id, message id, event id, batch id, nonce, execution id, \
         run id, tracking id, tracing id, conversation id, upload id",
        |ask, draw| match ask.is_text() {
            true => ask.text(uuid(draw)),
            false => id(ask, draw),
        },
    ),
    ("etag, e tag", |ask, draw| {
        ask.text(format!("\"{}\"", digits(16, HEX, draw)))
    }),
    (
        "sha, sha 1, commit, commit id, commit sha, head sha, base sha, sha 1 sum, commit \
         hash, tree sha, git sha, git commit, before sha, oid sha",
        |ask, draw| ask.text(digits(40, HEX, draw)),
    ),
    (
        "sha 256, hash, checksum, digest, fingerprint, file hash, content hash, sha 256 sum, \
         signature, block hash, tx hash, transaction hash, sha 256 hash, hash value, public \
         key, thumbprint",
        |ask, draw| ask.text(digits(64, HEX, draw)),
    ),
    ("sha 512", |ask, draw| ask.text(digits(128, HEX, draw))),
    (
        "md 5, md 5 sum, md 5 hash, content md 5, checksum md 5",
        |ask, draw| ask.text(digits(32, HEX, draw)),
    ),
    ("crc, crc 32", |ask, draw| ask.text(digits(8, HEX, draw))),
    (
        "token, access token, refresh token, auth token, api token, id token, bearer, bearer \
         token, client secret, secret, api key, apikey, secret key, api secret, app key, \
         authentication token, device token, push token, authorization code, auth code, \
         webhook secret, jwt, access key, private key, signing secret, csrf token, page \
         token, next page token, next token, cursor, next cursor, continuation token, public \
         token, access key id, previous cursor, verification token, secret access key, sync \
         token, code verifier, code challenge, registration token, app secret, client token, \
         previous page token, end cursor, start cursor",
        |ask, draw| ask.text(digits(32, BASE62, draw)),
    ),
    (
        "password, passphrase, new password, old password, current password, passwd, pwd, \
         passcode",
        |ask, draw| {
            let word = super::persona::slug(&super::lands::ascii(ask.persona.thing));
            ask.text(format!("{word}-{}", digits(4, DECIMAL, draw)))
        },
    ),
    (
        "sku, product code, item code, item number, article number, part number, mpn, article \
         code, model number, stock code, variant sku, style number, part no, catalog number, \
         artikelnummer, produktnummer, artikelnr",
        |ask, draw| match ask.is_text() {
            true => {
                let thing = super::lands::ascii(ask.persona.thing).to_uppercase();
                let letters = thing.chars().filter(char::is_ascii_alphabetic).take(3);
                let letters: String = letters.collect();
                ask.text(format!("{letters}-{}", digits(4, DECIMAL, draw)))
            }
            false => ask.between(1_000, 9_999, draw),
        },
    ),
    (
        "order number, invoice number, order no, invoice no, ticket number, case number, \
         confirmation number, reference number, reservation number, tracking number, document \
         number, receipt number, order reference, reference, purchase order, purchase order \
         number, po number, confirmation code, customer number, number, registration number, \
         policy number, contract number, serial number, serial, application number, claim \
         number, member number, quote number, payment reference, account reference, reference \
         code, external reference, ref, tracking code, serial no, license number, case id, \
         job number, batch number, lot number, file number, employee number, client \
         reference, invoice reference, voucher number, credit note number, license key, \
         project number, passport number, flight number, certificate number, order key, \
         customer reference, merchant reference, kundennummer, rechnungsnummer, bestellnummer, \
         auftragsnummer, vertragsnummer, belegnummer, seriennummer, referenz, aktenzeichen, \
         numero de commande, numero commande, numero de facture, numero facture, numero client, \
         numero de pedido, numero pedido, numero de factura, numero factura, referencia, numero \
         ordine, numero fattura, riferimento, numero do pedido, klantnummer, ordernummer, \
         bestelnummer, factuurnummer, referentie",
        |ask, draw| match ask.is_text() {
            true if ask.words.all() == "number" && ask.is_near(&["address", "addresses"]) => {
                places::house(ask)
            }
            true if room(ask).is_some() => ask.integer(room(ask)? + draw.below(30) as i64),
            true => {
                let owner = ask.owner(ask.words.last());
                let letters = match owner.as_str() {
                    "" => "REF".to_owned(),
                    owner => initials(owner),
                };
                ask.text(format!("{letters}-{}", digits(6, DECIMAL, draw)))
            }
            false => ask.between(1_000, 99_999, draw),
        },
    ),
    (
        "code, short code, promo code, coupon code, coupon, voucher code, discount code, \
         verification code, access code, invite code, gift code, referral code, otp, \
         invitation code, security code, reset code, group code, class code, \
         product type code, category code, type code",
        |ask, draw| match ask.is_text() {
            true if ask.is_near(&["error", "errors"]) => ask.text("invalid_request"),
            true => ask.text(digits(6, CODE, draw)),
            false => ask.between(100, 999, draw),
        },
    ),
    (
        "area code, tax name code, branch code, bank code, routing code",
        |ask, draw| ask.text(digits(3, DECIMAL, draw)),
    ),
    // The number that card networks keep for tests begins so.
    (
        "bin, iin, card bin, issuer identification number",
        |ask, _| match ask.words.last() == "iin"
            || ask.is_near(&["card", "payment", "cards", "token"])
        {
            true => ask.integer(424_242),
            false => None,
        },
    ),
    ("mcc, merchant category code", |ask, _| {
        let phones = [
            "sim", "network", "carrier", "operator", "mobile", "cell", "msisdn",
        ];
        match ask.is_near(&phones) {
            true => ask.integer(mobile_code(ask.persona.land.code)),
            false => ask.integer(5_411),
        }
    }),
    ("mobile country code", |ask, _| {
        ask.integer(mobile_code(ask.persona.land.code))
    }),
    ("mnc, mobile network code", |ask, _| ask.text("01")),
    ("pin, cvv, cvc", |ask, draw| {
        ask.text(digits(
            if ask.words.last() == "pin" { 4 } else { 3 },
            DECIMAL,
            draw,
        ))
    }),
    ("iban, iban number", |ask, draw| {
        ask.text(iban(bank_country(ask), draw))
    }),
    ("bban", |ask, draw| {
        let whole = iban(bank_country(ask), draw);
        ask.text(whole.get(4..).unwrap_or_default())
    }),
    (
        "masked pan, masked card number, card mask, masked number, masked card, card masked",
        |ask, _| ask.text("************4242"),
    ),
    (
        "bic, swift, swift code, bic code, bic swift, swift bic",
        |ask, _| {
            let letters: String = super::lands::ascii(&ask.persona.company)
                .to_uppercase()
                .chars()
                .filter(char::is_ascii_alphabetic)
                .chain("XXXX".chars())
                .take(4)
                .collect();
            ask.text(format!("{letters}{}2X", ask.persona.land.code))
        },
    ),
    (
        "account number, bank account number, account no, bank account, account",
        |ask, draw| match ask.is_text() {
            true => ask.text(digits(10, DECIMAL, draw)),
            false => ask.between(10_000_000, 99_999_999, draw),
        },
    ),
    ("routing number, aba, routing no, aba number", |ask, _| {
        ask.text("110000000")
    }),
    ("sort code", |ask, _| ask.text("10-88-00")),
    // The number that card networks keep for tests.
    (
        "card number, pan, credit card number, credit card",
        |ask, _| ask.text("4242424242424242"),
    ),
    (
        "last 4, last four, last 4 digits, last digits, card last 4, last four digits",
        |ask, _| ask.text("4242"),
    ),
    (
        "tax id, vat id, vat number, tax number, tin, ein, tax identification number, tax \
         identifier, vat, vatin, tax code, steuernummer, ust id, ustid, umsatzsteuer id, numero \
         tva, nif, cif, partita iva, codice fiscale, btw nummer",
        |ask, draw| {
            ask.text(format!(
                "{}{}",
                ask.persona.land.code,
                digits(9, DECIMAL, draw)
            ))
        },
    ),
    // Numbers that begin with 9 and a group of 0 are given to nobody.
    (
        "id number, ssn, social security number, national id, national id number",
        |ask, draw| {
            ask.text(format!(
                "9{}-00-{}",
                digits(2, DECIMAL, draw),
                digits(4, DECIMAL, draw)
            ))
        },
    ),
    (
        "ean, gtin, barcode, ean 13, gtin 13, bar code",
        |ask, draw| {
            // 20 to 29 are for use within a shop.
            ask.text(with_check(&format!("20{}", digits(10, DECIMAL, draw)), 1))
        },
    ),
    ("upc, upc code, gtin 12", |ask, draw| {
        ask.text(with_check(&format!("2{}", digits(10, DECIMAL, draw)), 3))
    }),
    ("isbn, isbn 13", |ask, draw| {
        ask.text(with_check(&format!("979{}", digits(9, DECIMAL, draw)), 1))
    }),
    (
        "license plate, plate, plate number, registration plate",
        |ask, draw| {
            ask.text(format!(
                "{} {}",
                digits(3, b"ABCDEFGHKLMNPRSTVXZ", draw),
                digits(3, DECIMAL, draw)
            ))
        },
    ),
    ("vin", |ask, draw| {
        ask.text(digits(17, b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ", draw))
    }),
    ("imei", |ask, draw| {
        ask.text(format!("00{}", digits(13, DECIMAL, draw)))
    }),
];

/// `idBoard` is as `boardId`, but an `idType` is none.
pub(super) fn begins_with_id(ask: &Ask<'_>) -> bool {
    let others = [
        "type", "number", "card", "name", "token", "document", "format", "prefix", "url",
    ];
    ask.words.all().starts_with("id ") && !others.contains(&ask.words.last())
}

/// `order-7k2m9x`; a small number where one is wanted.
pub(super) fn id(ask: &Ask<'_>, draw: &mut Draw) -> Option<Value> {
    if !ask.is_text() {
        return ask.between(1, 9_999, draw);
    }
    let owner = match ask.words.all().strip_prefix("id ") {
        Some(owner) => super::words::singular(owner),
        None => ask.owner(ask.words.last()),
    };
    // What only says that it is an object says nothing of what.
    let objects = ["res", "resource", "dto", "vo", "model", "entity"];
    let mut owners = owner.rsplit(' ');
    let last = owners.next().unwrap_or_default();
    let owner = match objects.contains(&last) {
        true => owners.next().unwrap_or(last),
        false => last,
    };
    let number = digits(6, b"23456789abcdefghjkmnpqrstvwxyz", draw);
    let says = subject::says_nothing(owner) || owner.len() < 2 || !owner.is_ascii();
    match says
        || matches!(
            owner,
            "external" | "parent" | "public" | "internal" | "ref" | "unique"
        ) {
        true => ask.text(number),
        false => ask.text(format!("{owner}-{number}")),
    }
}

/// The country of an account that has a number of ISO 13616: there are lands without.
fn bank_country(ask: &Ask<'_>) -> &'static str {
    match ask.persona.land.code {
        "US" | "RU" | "IN" | "JP" | "CN" | "KR" | "TH" | "VN" => "DE",
        code => code,
    }
}

/// The code of a country's networks (ITU-T E.212 annex A).
fn mobile_code(country: &str) -> i64 {
    match country {
        "US" => 310,
        "GB" => 234,
        "DE" => 262,
        "FR" => 208,
        "ES" => 214,
        "IT" => 222,
        "NL" => 204,
        "PL" => 260,
        "BR" => 724,
        "JP" => 440,
        // Those of none.
        _ => 901,
    }
}

/// Where the numbers of rooms and the like begin.
fn room(ask: &Ask<'_>) -> Option<i64> {
    let owner = ask.owner(ask.words.last());
    let words = super::words::Words::of(&owner);
    match () {
        () if words.has(&["room", "rooms", "apartment", "suite", "zimmer", "chambre"]) => Some(201),
        () if words.has(&[
            "table", "gate", "platform", "track", "locker", "desk", "seat",
        ]) =>
        {
            Some(1)
        }
        () => None,
    }
}

/// `invoice` is `INV`, `purchase order` is `PO`.
fn initials(words: &str) -> String {
    let letters: String = match words.contains(' ') {
        true => words
            .split(' ')
            .filter_map(|word| word.chars().next())
            .collect(),
        false => words.chars().take(3).collect(),
    };
    letters.to_uppercase()
}

/// Which version a format of UUIDs is of: `uuid`, `uuid4`, `UUIDv7`.
pub(super) fn uuid_version(format: &str) -> Option<u8> {
    let mut name = format.to_ascii_lowercase();
    name.retain(|c| c.is_ascii_alphanumeric());
    let rest = ["uuid", "guid"]
        .iter()
        .find_map(|known| name.strip_prefix(known))?;
    match rest.strip_prefix('v').unwrap_or(rest) {
        "" => Some(4),
        version => version
            .parse()
            .ok()
            .filter(|version| (1..=8).contains(version)),
    }
}

/// A random UUID (RFC 9562 §5.4).
pub(super) fn uuid(draw: &mut Draw) -> String {
    uuid_of(4, draw)
}

/// One that says that it is of a version.
pub(super) fn uuid_of(version: u8, draw: &mut Draw) -> String {
    let mut bits = u128::from(draw.number()) << 64 | u128::from(draw.number());
    bits = bits & !(0xf << 76) | u128::from(version) << 76;
    bits = bits & !(0x3 << 62) | 0x2 << 62;
    let hex = format!("{bits:032x}");
    [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ]
    .join("-")
}

/// Digits with the one that GS1 has at the end; `first` is what the first digit weighs.
fn with_check(digits: &str, first: u32) -> String {
    let other = 4 - first;
    let sum: u32 = digits
        .chars()
        .filter_map(|digit| digit.to_digit(10))
        .zip([first, other].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}

/// What an account is numbered by within a country (the IBAN registry of ISO 13616): a letter where
/// there is an `A`, digits elsewhere.
fn account(country: &str) -> &'static str {
    match country {
        "FR" => "00000000000000000000000",
        "ES" | "SE" => "00000000000000000000",
        "IT" => "A0000000000000000000000",
        "NL" => "AAAA0000000000",
        "PL" => "000000000000000000000000",
        "GB" => "AAAA00000000000000",
        "BR" => "00000000000000000000000AA",
        "TR" => "0000000000000000000000",
        "GR" => "00000000000000000000000",
        "UA" | "EG" => "0000000000000000000000000",
        "IL" => "0000000000000000000",
        _ => "000000000000000000",
    }
}

/// An account number of ISO 13616 in its country's form, with right check digits; the last ten
/// characters are drawn.
fn iban(country: &str, draw: &mut Draw) -> String {
    let form = account(country);
    let drawn = digits(10, DECIMAL, draw);
    let kept = form.len() - drawn.len();
    // A bank's letters say that it is none.
    let of_bank = form[..kept].replace('A', "X");
    let ends = form[kept..].chars().zip(drawn.chars());
    let ends = ends.map(|(form, digit)| if form == 'A' { 'P' } else { digit });
    let account: String = of_bank.chars().chain(ends).collect();
    let moved = account.bytes().chain(country.bytes());
    let rest = moved.fold(0, |rest: u64, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u64::from(byte - b'0')) % 97,
        letter => (rest * 100 + u64::from(letter.saturating_sub(b'A')) + 10) % 97,
    });
    let check = 98 - rest * 100 % 97;
    format!("{country}{check:02}{account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_are_right() {
        assert_eq!(with_check("400638133393", 1), "4006381333931");
        assert_eq!(with_check("03600029145", 3), "036000291452");
        for (country, length) in [
            ("DE", 22),
            ("FR", 27),
            ("ES", 24),
            ("IT", 27),
            ("NL", 18),
            ("PL", 28),
            ("GB", 22),
            ("SE", 24),
            ("BR", 29),
            ("TR", 26),
            ("GR", 27),
            ("UA", 29),
            ("EG", 29),
            ("IL", 23),
        ] {
            let iban = iban(country, &mut Draw::of("iban"));
            let moved = format!("{}{}", &iban[4..], &iban[..4]);
            let rest = moved.chars().filter_map(|c| c.to_digit(36));
            let rest = rest.fold(0, |rest, digit| match digit {
                0..10 => (rest * 10 + digit) % 97,
                letter => (rest * 100 + letter) % 97,
            });
            assert_eq!((iban.len(), rest), (length, 1), "{iban}");
        }
    }

    #[test]
    fn a_uuid_tells_its_version_and_variant() {
        let mut draw = Draw::of("uuid");
        for _ in 0..50 {
            let uuid = uuid(&mut draw);
            assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
            assert!(["8", "9", "a", "b"].contains(&&uuid[19..20]), "{uuid}");
        }
    }
}
