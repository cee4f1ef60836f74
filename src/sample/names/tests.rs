use super::*;
use serde_json::json;

fn persona(seed: &str, locale: Locale) -> Persona {
    Persona::draw(&mut Draw::of(seed), locale)
}

/// What a property at a path (`order.items.price`) would have.
fn asked(path: &str, kind: Kind, persona: &Persona) -> Option<Value> {
    let path: Vec<&str> = path.split('.').collect();
    wish(&path, kind, None, persona, &mut Draw::of("wish"))
}

fn text(path: &str, persona: &Persona) -> String {
    let value = asked(path, Kind::Text, persona);
    let value = value.and_then(|value| value.as_str().map(str::to_owned));
    value.unwrap_or_else(|| panic!("{path} has no text"))
}

fn integer(path: &str, persona: &Persona) -> i64 {
    let value = asked(path, Kind::Integer, persona);
    let value = value.and_then(|value| value.as_i64());
    value.unwrap_or_else(|| panic!("{path} has no integer"))
}

fn number(path: &str, persona: &Persona) -> f64 {
    let value = asked(path, Kind::Number, persona);
    let value = value.and_then(|value| value.as_f64());
    value.unwrap_or_else(|| panic!("{path} has no number"))
}

/// Personas of every locale and of some seeds.
fn personas() -> impl Iterator<Item = Persona> {
    let locales = lands::all().map(|land| land.locale);
    locales.flat_map(|locale| (0..40).map(move |seed| persona(&seed.to_string(), locale)))
}

#[test]
fn a_name_means_the_same_however_it_is_spelled() {
    let persona = persona("spelling", Locale::English);
    for (names, kind) in [
        (
            [
                "customerEmail",
                "customer_email",
                "CUSTOMER-EMAIL",
                "CustomerEmail",
            ],
            Kind::Text,
        ),
        (
            ["firstName", "first_name", "FIRSTNAME", "owner-first-name"],
            Kind::Text,
        ),
        (
            [
                "billingAddressLine1",
                "address_line_1",
                "addressLine1",
                "line1",
            ],
            Kind::Text,
        ),
        (
            ["createdAt", "created_at", "CREATED_AT", "record-created-at"],
            Kind::Text,
        ),
        (
            ["unitPrice", "unit_price", "price", "UNIT-PRICE"],
            Kind::Number,
        ),
        (["isActive", "is_active", "ACTIVE", "active"], Kind::Boolean),
    ] {
        let values = names.map(|name| asked(name, kind, &persona));
        assert!(values[0].is_some(), "{}", names[0]);
        assert!(
            values.iter().all(|value| *value == values[0]),
            "{names:?}: {values:?}"
        );
    }
}

#[test]
fn names_without_a_meaning_ask_for_nothing() {
    let persona = persona("nothing", Locale::English);
    for name in ["foo", "data1", "bar", "quux", "", "___", "🎈", "данные"] {
        for kind in [Kind::Text, Kind::Number, Kind::Integer, Kind::Boolean] {
            assert_eq!(asked(name, kind, &persona), None, "{name} as {kind:?}");
        }
    }
    assert_eq!(
        wish(&[], Kind::Text, None, &persona, &mut Draw::of("")),
        None
    );
    let long = "email".repeat(10_000);
    assert_eq!(asked(&long, Kind::Text, &persona), None);
}

#[test]
fn who_somebody_is_agrees() {
    for persona in personas() {
        let email = text("email", &persona);
        let (user, domain) = email.split_once('@').expect("an address");
        assert!(email.is_ascii(), "{email}");
        assert_eq!(text("username", &persona), user);
        assert_eq!(text("domain", &persona), domain);
        assert!(text("website", &persona).ends_with(domain), "{domain}");
        assert!(domain.ends_with(".example.com"));
        let full = text("fullName", &persona);
        assert!(full.contains(&text("firstName", &persona)), "{full}");
        assert!(full.contains(&text("lastName", &persona)), "{full}");
        assert_eq!(text("user.displayName", &persona), full);
        assert_ne!(text("middleName", &persona), text("firstName", &persona));
        let age = integer("age", &persona);
        let born: i64 = text("birthDate", &persona)[..4].parse().expect("a year");
        assert!((18..=66).contains(&age), "{age}");
        assert!((2023..=2026).contains(&(born + age)), "{born} {age}");
    }
}

#[test]
fn where_somebody_is_agrees() {
    for persona in personas() {
        let address = text("address", &persona);
        for part in ["city", "postalCode", "street"] {
            assert!(address.contains(&text(part, &persona)), "{part}: {address}");
        }
        let code = text("countryCode", &persona);
        assert!(text("locale", &persona).ends_with(&format!("-{code}")));
        assert!(text("locale", &persona).starts_with(&text("language", &persona)));
        let dial = text("callingCode", &persona);
        assert!(text("phone", &persona).starts_with(&dial));
        let (north, east) = (number("latitude", &persona), number("lng", &persona));
        assert!((-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east));
        let place = (text("address.state", &persona), text("geo.city", &persona));
        assert_eq!(
            place,
            (persona.place.region_code.to_owned(), text("city", &persona))
        );
    }
}

#[test]
fn sums_add_up() {
    for persona in personas() {
        let (subtotal, tax) = (number("subtotal", &persona), number("tax", &persona));
        let total = number("total", &persona);
        assert!(
            (subtotal + tax - total).abs() < 0.001,
            "{subtotal} + {tax} = {total}"
        );
        let price = number("price", &persona) * integer("quantity", &persona) as f64;
        assert!((price - subtotal).abs() < 0.001, "{price} {subtotal}");
        assert!(integer("min", &persona) < integer("max", &persona));
        assert!(number("minPrice", &persona) < number("maxPrice", &persona));
        let cents = integer("order.total_cents", &persona);
        assert_eq!(
            integer("order.total", &persona) * if persona.land.whole > 0 { 100 } else { 1 },
            cents
        );
    }
}

#[test]
fn moments_come_in_order() {
    let order = [
        "createdAt",
        "publishedAt",
        "updatedAt",
        "lastLoginAt",
        "deletedAt",
        "startsAt",
        "endsAt",
        "expiresAt",
    ];
    for persona in personas() {
        let moments = order.map(|name| text(name, &persona));
        assert!(moments.is_sorted(), "{moments:?}");
        let epochs = order.map(|name| integer(name, &persona));
        assert!(epochs.is_sorted(), "{epochs:?}");
        assert!(text("startDate", &persona) < text("endDate", &persona));
        assert!(
            moments
                .iter()
                .all(|moment| ("2024".."2026").contains(&moment.as_str()))
        );
        assert_eq!(integer("created_ms", &persona), epochs[0] * 1_000);
    }
}

#[test]
fn what_is_called_is_called_by_what_it_is() {
    let persona = persona("called", Locale::English);
    let name = |path: &str| text(path, &persona);
    let person = name("fullName");
    for path in [
        "users.name",
        "customerName",
        "order.customer.name",
        "author.data.name",
    ] {
        assert_eq!(name(path), person, "{path}");
    }
    assert_eq!(name("companyName"), name("company.name"));
    assert!(name("pet.name").chars().all(char::is_alphabetic));
    assert_eq!(name("products.name"), name("productName"));
    assert_eq!(name("repository.name"), name("slug"));
    assert!(
        name("files.name").ends_with(".pdf"),
        "{}",
        name("files.name")
    );
    assert!(name("images.filename").ends_with(".png"));
    assert!(
        name("order.id").starts_with("order-"),
        "{}",
        name("order.id")
    );
    assert!(name("customerId").starts_with("customer-"));
    assert!(["processing", "shipped", "delivered"].contains(&name("orders.status").as_str()));
    assert_eq!(name("commit.sha").len(), 40);
    assert_eq!(asked("page", Kind::Integer, &persona), Some(json!(1)));
    assert_eq!(
        asked("isDeleted", Kind::Boolean, &persona),
        Some(json!(false))
    );
    assert_eq!(
        asked("emailVerified", Kind::Boolean, &persona),
        Some(json!(true))
    );
}

#[test]
fn a_format_goes_before_the_name() {
    let persona = persona("format", Locale::English);
    let value = |name: &str, format: &str| {
        let value = wish(
            &[name],
            Kind::Text,
            Some(format),
            &persona,
            &mut Draw::of(""),
        );
        value.and_then(|value| value.as_str().map(str::to_owned))
    };
    let created = text("createdAt", &persona);
    assert_eq!(value("createdAt", "date").as_deref(), Some(&created[..10]));
    assert_eq!(value("createdAt", "time").as_deref(), Some(&created[11..]));
    assert_eq!(value("created", "date-time"), Some(created));
    assert_eq!(value("id", "uuid").map(|id| id.len()), Some(36));
    assert_eq!(value("contact", "email"), Some(text("email", &persona)));
    assert_eq!(
        value("company", "uri").map(|uri| uri.starts_with("https://")),
        Some(true)
    );
    assert_eq!(value("host", "hostname"), Some(text("domain", &persona)));
    assert_eq!(value("email", "json-pointer"), None);
    assert_eq!(value("x", "phone-number"), Some(text("phone", &persona)));
    assert_eq!(
        value("x", "iso-country-code"),
        Some(text("country", &persona))
    );
    let size = value("fileSize", "int64").and_then(|size| size.parse::<u32>().ok());
    assert!(size.is_some_and(|size| size > 1_000), "{size:?}");
    let expiry = |format| {
        wish(
            &["expiry_ms"],
            Kind::Integer,
            format,
            &persona,
            &mut Draw::of(""),
        )
    };
    assert_eq!(
        expiry(None),
        Some(json!(persona.moments.at(Step::Expiry) * 1_000))
    );
    assert_eq!(
        expiry(Some("int32")),
        Some(json!(persona.moments.at(Step::Expiry)))
    );
}

#[test]
fn what_is_within_tells_of_the_same_or_of_another() {
    let mut draw = Draw::of("within");
    let persona = Persona::draw(&mut draw, Locale::English);
    for name in ["address", "billing_address", "geo", "contact", "location"] {
        let within = persona.within(name, &mut draw);
        assert_eq!(text("email", &within), text("email", &persona), "{name}");
    }
    let others = (0..20).map(|_| persona.within("items", &mut draw));
    let emails: std::collections::BTreeSet<String> =
        others.map(|other| text("createdAt", &other)).collect();
    assert!(emails.len() > 15, "{emails:?}");
    let manager = persona.within("manager", &mut draw);
    assert_eq!(text("domain", &manager), text("domain", &persona));
    assert_ne!(text("createdAt", &manager), text("createdAt", &persona));
}

#[test]
fn the_same_seed_asks_for_the_same() {
    let values = |seed: &str| {
        let mut draw = Draw::of(seed);
        let persona = Persona::draw(&mut draw, Locale::English);
        ["id", "email", "phone", "title", "createdAt", "status"]
            .map(|name| wish(&["order", name], Kind::Text, None, &persona, &mut draw))
    };
    assert_eq!(values("a"), values("a"));
    assert_ne!(values("a"), values("b"));
}

#[test]
fn what_stands_beside_a_name_tells_what_it_is_of() {
    let alone = persona("beside", Locale::English);
    let beside = |names: &[&str]| alone.among(names.iter().copied());
    let person = beside(&["id", "name", "emailAddress"]);
    assert_eq!(text("name", &person), text("fullName", &alone));
    assert_ne!(text("name", &alone), text("fullName", &alone));
    let place = beside(&["street", "city", "state"]);
    assert_eq!(text("state", &place), alone.place.region_code);
    assert_ne!(text("state", &alone), alone.place.region_code);
    assert_eq!(text("title", &place), text("title", &alone));
}

#[test]
fn every_phrase_is_as_names_fall_into_words() {
    for table in TEXTS.iter().chain(&NUMBERS) {
        let mut seen = std::collections::BTreeSet::new();
        for phrase in table.iter().flat_map(|(phrases, _)| phrases.split(", ")) {
            assert_eq!(Words::of(&phrase.replace(' ', "_")).all(), phrase);
            assert!(phrase.split(' ').count() <= 4, "{phrase}");
            assert!(seen.insert(phrase), "{phrase} is there twice");
        }
    }
}

/// The names that most of some two thousand public documents have, the most common first.
const COMMON: [(Kind, &str); 4] = [
    (
        Kind::Text,
        "name description id type message url title email status country code city date username \
     text first_name state password last_name version label created_at token source \
     display_name path address error phone start_date updated_at file reason timestamp \
     category currency end_date location language content postal_code region user_id \
     country_code body created detail comment href content_type domain client_id link notes \
     website number image company_name action color subject phone_number error_message \
     start_time access_token timezone filename uri next query role file_name full_name \
     ip_address ip created_by field slug end_time note user user_name scope method secret \
     locale api_key format owner tag zip client_secret summary image_url time uuid \
     email_address account_id details start size currency_code time_zone host reference \
     refresh_token html result author expiration_date last_updated request_id external_id \
     mime_type unit end company due_date street identifier amount error_code updated sku \
     address_line1 token_type fax middle_name group_id model account_name comments \
     address_line2 expires_at duration origin account_number gender logo transaction_id \
     hostname icon organization latitude longitude logo_url parent_id zip_code customer_id \
     login created_date kind event_id self event_type download_url group msg date_of_birth \
     order_id completed_at county api_version channel user_agent platform last_modified \
     account public_key previous new_password parameter account_type manufacturer \
     country_name tags product_id app_id address2 hash event invoice_number uid entity_id \
     endpoint mode given_name media_type lang os redirect_url brand price redirect_uri branch \
     destination job_id postcode message_id private_key topic device_id status_message issuer \
     subscription_id caption started_at address1 deleted_at short_description thumbnail \
     family_name nickname rel release_date source_id service_id creation_date prev group_name \
     base_url protocol operator field_name iban locality callback_url project_id expires \
     level expiration plan tracking_number item_id category_id job_title extension date_time \
     effective_date line2 signature quantity order_number project_name date_created \
     serial_number guid product_name owner_id day entity_type street_address mobile severity \
     fingerprint source_name vendor ref expiry_date line1 frequency grant_type source_url \
     product invoice_date payment_method priority organization_id fields resource_type \
     short_name old_password direction publisher document_id user_email interval avatar_url \
     website_url year bio tax_id units target_url category_name device_name service_name \
     mac_address license department language_code resource_id task_id template_id updated_by \
     street_name question resolution customer_name last_login",
    ),
    (
        Kind::Integer,
        "id count size status code limit height width page offset user_id total_count quantity \
     duration priority version year length status_code position amount port page_size start \
     number timestamp weight expires_in score order rank index timeout end group_id month \
     created_at total_pages sort_order page_number ttl time account_id file_size type max day \
     per_page max_length parent_id error_code total_results created age category_id y price \
     rating min balance x project_id line interval error_count remaining pages capacity \
     item_count hour current_page customer_id product_id frequency sequence total_elements \
     level progress display_order failed sequence_number revision period minute page_count \
     min_length comment_count type_id line_number updated_at uid updated speed user_count \
     followers_count member_count minutes from distance item_id task_id start_index channels \
     available day_of_month http_status_code radius seconds memory size_bytes",
    ),
    (
        Kind::Number,
        "latitude longitude amount price lat quantity id score height balance count duration \
     width rate lon distance weight percentage lng limit length cost size confidence \
     total_amount max min x y discount unit_price rating tax_amount timestamp tax number code \
     progress probability version average offset speed time start tax_rate page base_price \
     discount_amount subtotal total_cost status start_time level altitude total_count \
     total_price status_code exchange_rate temperature",
    ),
    (
        Kind::Boolean,
        "enabled active success is_active required is_default disabled deleted hidden available \
     archived valid default visible locked public read is_admin read_only admin is_enabled \
     verified is_required is_private primary is_locked has_more published is_deleted closed \
     is_public expired completed can_delete approved is_primary private has_children \
     is_hidden enable",
    ),
];

#[test]
fn common_names_have_a_meaning() {
    let persona = persona("common", Locale::English);
    for (kind, names) in COMMON {
        for name in names.split(' ') {
            assert!(asked(name, kind, &persona).is_some(), "{name} as {kind:?}");
        }
    }
}
