//! The owners API: users to whom records belong.

use serde_json::{Value, json};

use crate::behavior::common::{Page, Paging, cursor, flag, limit, unknown};
use crate::behavior::{Call, Context, Response};
use crate::definitions::moment_text;
use crate::store::{KnownOwner, Owners};
use crate::values::Refusal;

/// The default number of owners of a page, and the maximum.
const PAGE: usize = 100;
const LONGEST_PAGE: usize = 500;

/// Performs a request to this API.
pub(crate) fn handle(call: &Call, context: &Context<'_>) -> Result<Response, Refusal> {
    let owners = &context.store()?.owners;
    match call.endpoint.action {
        "list" => list(call, owners),
        "get" => get(call, owners),
        _ => Err(unknown(call)),
    }
}

fn list(call: &Call, owners: &Owners) -> Result<Response, Refusal> {
    let limit = limit(call.query("limit"), PAGE, LONGEST_PAGE)?;
    let after = cursor(call.query("after"))?;
    let archived = flag(call, "archived", false);
    let email = call.query("email");
    let listed = owners.iter().filter(|known| {
        let of_email = email.is_none_or(|email| known.owner.email.eq_ignore_ascii_case(email));
        known.id >= after && known.owner.archived == archived && of_email
    });
    let mut listed = listed.peekable();
    let results = listed.by_ref().take(limit);
    let results = results.map(|known| json(owners, known)).collect();
    let paging = listed.peek().map(|known| Paging::next(known.id));
    Response::json(200, &Page::new(results, paging))
}

/// Gets an owner by its id or its user id.
fn get(call: &Call, owners: &Owners) -> Result<Response, Refusal> {
    let wanted = call.path("ownerId");
    let by_user = call.query("idProperty") == Some("userId");
    let archived = flag(call, "archived", false);
    let found = owners.iter().find(|known| {
        let id = if by_user { known.user_id } else { known.id };
        id.to_string() == wanted && known.owner.archived == archived
    });
    let missing = || Refusal::not_found(format!("Owner not found: {wanted}"));
    Response::json(200, &json(owners, found.ok_or_else(missing)?))
}

fn json(owners: &Owners, known: &KnownOwner) -> Value {
    let owner = &known.owner;
    let time = moment_text(known.created_at);
    let mut json = json!({
        "id": known.id.to_string(),
        "email": owner.email,
        "type": "PERSON",
        "firstName": owner.first_name,
        "lastName": owner.last_name,
        "userIdIncludingInactive": known.user_id,
        "createdAt": time,
        "updatedAt": time,
        "archived": owner.archived,
    });
    if !owner.archived {
        json["userId"] = json!(known.user_id);
    }
    if !owner.teams.is_empty() {
        let teams = owner.teams.iter().enumerate();
        let teams = teams.filter_map(|(place, name)| {
            let id = owners.team_id(name)?.to_string();
            Some(json!({"id": id, "name": name, "primary": place == 0}))
        });
        json["teams"] = teams.collect();
    }
    json
}
