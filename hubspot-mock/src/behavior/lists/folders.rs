//! Folders of lists. The root folder has the id 0.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::behavior::common::body;
use crate::behavior::lists::{change, live, missing};
use crate::behavior::{Call, Response};
use crate::definitions::moment_text;
use crate::store::Store;
use crate::store::lists::{Folder, Lists, ROOT};
use crate::values::Refusal;

/// How deep folders may be nested. HubSpot does not document its limit.
const MAX_DEPTH: u8 = 16;

/// Performs a request on folders; `None` for another operation.
pub(super) fn handle(call: &Call, store: &mut Store) -> Option<Result<Response, Refusal>> {
    Some(match call.endpoint.action {
        "get_folder" => {
            let id = call
                .query("folderId")
                .map_or(Ok(ROOT), |id| find(store, id));
            id.and_then(|id| respond(store, id))
        }
        "create_folder" => body(call).and_then(|input| create(call, store, input)),
        "rename_folder" => rename(call, store),
        "move_folder" => move_to(call, store),
        "archive_folder" => archive(call, store),
        "move_to_folder" => body(call).and_then(|input| move_list(call, store, &input)),
        _ => return None,
    })
}

/// Fails if there is no such folder.
pub(super) fn check(store: &Store, id: u64) -> Result<(), Refusal> {
    if store.lists.has_folder(id) {
        return Ok(());
    }
    Err(unknown(&id.to_string()))
}

fn find(store: &Store, wanted: &str) -> Result<u64, Refusal> {
    let id = wanted.parse().ok();
    let id = id.filter(|id| store.lists.has_folder(*id));
    id.ok_or_else(|| unknown(wanted))
}

fn unknown(wanted: &str) -> Refusal {
    Refusal::not_found(format!("Folder does not exist: {wanted}"))
        .context("folderId", [wanted.to_owned()])
}

/// The folder of a path parameter, which may not be the root.
fn own(call: &Call, store: &Store) -> Result<u64, Refusal> {
    match find(store, call.path("folderId"))? {
        ROOT => Err(refused("The root folder cannot be changed", ROOT)),
        id => Ok(id),
    }
}

fn refused(message: &str, id: u64) -> Refusal {
    Refusal::validation(message).context("folderId", [id.to_string()])
}

fn respond(store: &Store, id: u64) -> Result<Response, Refusal> {
    Response::json(200, &json!({"folder": folder_json(&store.lists, id)}))
}

/// A folder with the folders in it.
fn folder_json(lists: &Lists, id: u64) -> Value {
    let folder = lists.folders.get(&id);
    let within = lists.folders.iter();
    let within = within.filter(|(_, folder)| folder.parent == id);
    let within = within.map(|(id, _)| folder_json(lists, *id));
    let children = lists.by_id.iter();
    let children = children.filter(|(_, list)| list.folder == id && list.deleted_at.is_none());
    let children = children.map(|(id, _)| *id);
    let mut json = json!({
        "id": id.to_string(),
        "parentFolderId": folder.map_or(ROOT, |folder| folder.parent).to_string(),
        "childLists": children.collect::<Vec<_>>(),
        "childNodes": within.collect::<Vec<_>>(),
    });
    if let Some(folder) = folder {
        json["name"] = folder.name.as_str().into();
        json["createdAt"] = moment_text(folder.created_at).into();
        json["updatedAt"] = moment_text(folder.updated_at).into();
    }
    json
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewFolder {
    name: String,
    parent_folder_id: Option<String>,
}

fn create(call: &Call, store: &mut Store, input: NewFolder) -> Result<Response, Refusal> {
    let parent = input.parent_folder_id.as_deref();
    let parent = parent.map_or(Ok(ROOT), |id| find(store, id))?;
    check_place(store, &input.name, parent, None)?;
    let now = call.now.as_millisecond();
    let id = store.lists.add_folder(Folder {
        name: input.name,
        parent,
        created_at: now,
        updated_at: now,
    });
    respond(store, id)
}

/// Fails for an empty name, one that another folder in the same folder has, and a folder that is too deep.
fn check_place(store: &Store, name: &str, parent: u64, except: Option<u64>) -> Result<(), Refusal> {
    let mut others = store.lists.folders.iter();
    let taken = others
        .any(|(id, folder)| Some(*id) != except && folder.parent == parent && folder.name == name);
    if name.trim().is_empty() || taken {
        let message = format!(
            "The name of a folder must be unique within its folder and not empty: {name:?}"
        );
        return Err(Refusal::validation(message).context("name", [name.to_owned()]));
    }
    let within = except.map_or(0, |id| height(&store.lists, id));
    if depth(&store.lists, parent) + within >= usize::from(MAX_DEPTH) {
        return Err(refused("The folders are nested too deep", parent));
    }
    Ok(())
}

/// How many folders a folder is in.
fn depth(lists: &Lists, folder: u64) -> usize {
    let parent = |id: &u64| lists.folders.get(id).map(|folder| folder.parent);
    std::iter::successors(parent(&folder), parent).count()
}

/// How deep the folders in a folder are nested.
fn height(lists: &Lists, folder: u64) -> usize {
    let within = lists
        .folders
        .keys()
        .filter(|id| lists.is_within(**id, folder));
    let deepest = within.map(|id| depth(lists, *id)).max();
    deepest.unwrap_or(0).saturating_sub(depth(lists, folder))
}

fn rename(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = own(call, store)?;
    let name = call.query("newFolderName").unwrap_or_default().to_owned();
    let parent = store
        .lists
        .folders
        .get(&id)
        .map_or(ROOT, |folder| folder.parent);
    check_place(store, &name, parent, Some(id))?;
    update(call, store, id, |folder| folder.name = name)
}

fn move_to(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = own(call, store)?;
    let parent = find(store, call.path("newParentFolderId"))?;
    if store.lists.is_within(parent, id) {
        return Err(refused("A folder cannot be moved into itself", id));
    }
    let name = store
        .lists
        .folders
        .get(&id)
        .map(|folder| folder.name.clone());
    check_place(store, &name.unwrap_or_default(), parent, Some(id))?;
    update(call, store, id, |folder| folder.parent = parent)
}

fn update(
    call: &Call,
    store: &mut Store,
    id: u64,
    change: impl FnOnce(&mut Folder),
) -> Result<Response, Refusal> {
    if let Some(folder) = store.lists.folders.get_mut(&id) {
        change(folder);
        folder.updated_at = call.now.as_millisecond();
    }
    respond(store, id)
}

/// Deletes a folder. Fails if lists or folders are in it: HubSpot does not document what becomes of them.
fn archive(call: &Call, store: &mut Store) -> Result<Response, Refusal> {
    let id = own(call, store)?;
    let mut lists = store.lists.by_id.values();
    let has_lists = lists.any(|list| list.folder == id && list.deleted_at.is_none());
    if has_lists
        || store
            .lists
            .folders
            .values()
            .any(|folder| folder.parent == id)
    {
        return Err(refused("The folder is not empty", id));
    }
    store.lists.folders.remove(&id);
    // A deleted list may be restored, which must then be in some folder.
    for list in store
        .lists
        .by_id
        .values_mut()
        .filter(|list| list.folder == id)
    {
        list.folder = ROOT;
    }
    Ok(Response::empty())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListMove {
    list_id: String,
    new_folder_id: String,
}

fn move_list(call: &Call, store: &mut Store, input: &ListMove) -> Result<Response, Refusal> {
    let folder = find(store, &input.new_folder_id)?;
    let id = input.list_id.parse().ok();
    let id = id.filter(|id| live(store, *id).is_some());
    let id = id.ok_or_else(|| missing(&input.list_id))?;
    change(call, store, id, |list| list.folder = folder);
    Ok(Response::empty())
}
