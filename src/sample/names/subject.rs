use super::words::{Words, singular};

/// What sort of thing an object is, as far as its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Person,
    Company,
    Place,
    Pet,
    File,
    Code,
    Group,
    Product,
    Other,
}

/// The sort of thing that words name; the last of them counts most.
pub(super) fn of(words: &str) -> Subject {
    // What is in a `hotelList` is a hotel.
    if let Some(of) = words.strip_suffix(" list")
        && let found = of_last(of)
        && found != Subject::Other
    {
        return found;
    }
    of_last(words)
}

fn of_last(words: &str) -> Subject {
    let found = words.rsplit(' ').find_map(|word| {
        Some(match word {
            "user" | "person" | "customer" | "client" | "owner" | "author" | "employee"
            | "member" | "contact" | "manager" | "patient" | "student" | "teacher" | "driver"
            | "sender" | "recipient" | "assignee" | "creator" | "reviewer" | "guest" | "host"
            | "account" | "profile" | "admin" | "lead" | "doctor" | "artist" | "actor"
            | "director" | "writer" | "holder" | "cardholder" | "passenger" | "attendee"
            | "reporter" | "agent" | "candidate" | "buyer" | "payer" | "payee" | "player"
            | "traveler" | "speaker" | "organizer" | "instructor" | "participant" | "editor"
            | "beneficiary" | "shipper" | "consignee" | "submitter" | "follower" | "friend"
            | "seller" | "lender" | "borrower" | "debtor" | "creditor" | "tenant" | "spouse"
            | "child" | "parent" | "by" | "me" | "applicant" | "performer" | "invitee"
            | "committer" | "requester" | "customers" | "accountholder" | "donor" | "signer"
            | "commenter" => Subject::Person,
            "company" | "organization" | "organisation" | "org" | "business" | "merchant"
            | "vendor" | "supplier" | "brand" | "manufacturer" | "publisher" | "employer"
            | "store" | "shop" | "bank" | "carrier" | "provider" | "issuer" | "operator"
            | "partner" | "insurer" | "airline" | "institution" | "legal" | "trade" | "hotel"
            | "restaurant" | "agency" | "label" | "dealer" | "firm" => Subject::Company,
            "city" | "town" | "place" | "location" | "venue" | "station" | "warehouse"
            | "airport" | "stop" | "site" | "office" | "branch" => Subject::Place,
            "pet" | "dog" | "cat" | "animal" | "horse" => Subject::Pet,
            "file" | "attachment" | "document" | "upload" | "photo" | "image" | "picture"
            | "report" | "video" | "media" | "blob" | "asset" | "download" => Subject::File,
            "repository" | "repo" | "package" | "module" | "bucket" | "cluster" | "container"
            | "service" | "app" | "application" | "namespace" | "database" | "table" | "server"
            | "instance" | "queue" | "topic" | "function" | "job" | "pipeline" | "node"
            | "volume" | "network" | "environment" | "image name" | "host name" | "pod"
            | "deployment" | "secret" | "key" | "variable" | "field" | "column" | "property"
            | "attribute" | "parameter" | "tag" | "role" | "permission" | "scope" | "resource"
            | "machine" | "domain" | "index" | "workflow" | "runner" => Subject::Code,
            "team" | "group" | "department" | "category" | "project" | "campaign" | "list"
            | "collection" | "folder" | "event" | "course" | "plan" | "class" | "channel"
            | "board" | "community" | "playlist" | "segment" | "division" | "unit" | "program"
            | "room" | "club" | "section" | "topics" | "genre" | "milestone" => Subject::Group,
            "product" | "item" | "article" | "variant" | "offer" | "part" | "goods" | "book"
            | "sku" | "material" | "equipment" | "device" | "asset item" | "gift" => {
                Subject::Product
            }
            _ => return None,
        })
    });
    found.unwrap_or(Subject::Other)
}

/// Whether a name is one that every object may hang by, so that the one above it says more.
pub(super) fn says_nothing(words: &str) -> bool {
    matches!(
        words,
        "" | "id"
            | "data"
            | "datum"
            | "result"
            | "item"
            | "value"
            | "attribute"
            | "attributes"
            | "record"
            | "entry"
            | "response"
            | "payload"
            | "object"
            | "content"
            | "body"
            | "detail"
            | "details"
            | "info"
            | "element"
            | "list"
            | "embedded"
            | "meta"
            | "properties"
            | "property"
            | "fields"
            | "field"
            | "row"
            | "node"
            | "edge"
            | "hit"
            | "name"
            | "address"
            | "contact"
            | "result set"
            | "collection"
            | "page"
    )
}

/// Whether an object of the name tells more of the same that the object around it is about.
pub(super) fn is_aspect(words: &Words) -> bool {
    let last = words.last();
    if singular(last) != last && last != "coordinates" && last != "details" {
        return false;
    }
    let aspects = [
        "address",
        "location",
        "northeast",
        "southwest",
        "northwest",
        "southeast",
        "geo",
        "coordinates",
        "position",
        "profile",
        "contact",
        "name",
        "details",
        "info",
        "period",
        "dates",
        "range",
        "price",
        "amount",
        "subtotal",
        "total",
        "discount",
        "fee",
        "cost",
        "money",
        "billing",
        "shipping",
        "phone",
        "email",
        "company",
        "organization",
        "business",
        "geometry",
        "employment",
        "personal",
        "home",
        "residence",
        "domicile",
        "birth",
        "identity",
        "person",
        "point",
        "timestamps",
        "schedule",
        "duration",
        "window",
        "dimensions",
        "metadata",
        "summary",
        "pricing",
        "payment",
        "tax",
        "links",
        "country",
        "city",
        "state",
        "region",
        "currency",
        "timezone",
        "locale",
        "preferences",
        "settings",
        "status",
        "avatar",
        "audit",
        "balance",
        "bank",
        "cost",
        "self",
        "latlng",
        "place",
        "timing",
        "validity",
        "interval",
    ];
    aspects.contains(&last)
}

/// Whether an object of the name is somebody who works with the one around it.
pub(super) fn is_colleague(words: &Words) -> bool {
    words.has(&[
        "manager",
        "author",
        "owner",
        "assignee",
        "creator",
        "reviewer",
        "employee",
        "employees",
        "members",
        "member",
        "supervisor",
        "editor",
        "by",
        "approver",
        "boss",
        "team",
        "colleague",
        "reporter",
        "staff",
        "lead",
        "head",
        "admin",
        "assistant",
        "maintainer",
    ])
}
