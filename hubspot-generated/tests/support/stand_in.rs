//! A HubSpot stand-in for tests and the demo: as much of 2026-09 as these call, in memory, on a free loopback port.
//!
//! In: HTTP requests with [`TOKEN`]. Out: HubSpot's JSON as raw values, so that nothing of the client's own types is
//! turned around. Refuses: any other token (401), a contact whose e-mail address is none (as one error of a batch),
//! and every route that it does not know (404).

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, Query, Request, State},
    http::{StatusCode, header::AUTHORIZATION},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use serde_json::{Value, json};

/// The token that the stand-in takes.
pub(crate) const TOKEN: &str = "pat-demo-0123456789";

/// When everything in the stand-in happens.
const NOW: &str = "2026-11-01T12:00:00Z";

/// A running stand-in; it ends with the runtime that started it.
pub(crate) struct StandIn {
    address: SocketAddr,
    store: Shared,
}

/// The records: object type, then id.
#[derive(Default)]
struct Store {
    objects: BTreeMap<String, BTreeMap<u64, Value>>,
    associations: Vec<[String; 4]>,
    schemas: Vec<Value>,
    last_id: u64,
    requests: usize,
}

type Shared = Arc<Mutex<Store>>;

impl StandIn {
    /// Starts on a free port.
    pub(crate) async fn start() -> io::Result<Self> {
        let store = Shared::default();
        let objects = "/crm/objects/2026-09";
        let router = Router::new()
            .route(&format!("{objects}/{{kind}}"), get(list).post(create))
            .route(&format!("{objects}/{{kind}}/search"), post(search))
            .route(
                &format!("{objects}/{{kind}}/batch/upsert"),
                post(batch_upsert),
            )
            .route(
                &format!("{objects}/{{kind}}/{{id}}"),
                get(read).delete(archive),
            )
            .route(
                &format!("{objects}/{{from}}/{{from_id}}/associations/default/{{to}}/{{to_id}}"),
                put(associate),
            )
            .route("/crm-object-schemas/2026-09/schemas", post(define))
            .fallback(|| async {
                refuse(StatusCode::NOT_FOUND, "OBJECT_NOT_FOUND", "no such route")
            })
            .layer(middleware::from_fn_with_state(store.clone(), authorize))
            .with_state(store.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, store })
    }

    /// Its base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests it got.
    pub(crate) fn requests(&self) -> usize {
        lock(&self.store).requests
    }
}

fn lock(store: &Shared) -> MutexGuard<'_, Store> {
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

fn refuse(status: StatusCode, category: &str, message: &str) -> Response {
    let body = json!({
        "status": "error", "message": message, "category": category,
        "correlationId": "00000000-0000-4000-8000-000000000000",
    });
    (status, Json(body)).into_response()
}

async fn authorize(State(store): State<Shared>, request: Request, next: Next) -> Response {
    lock(&store).requests += 1;
    let expected = format!("Bearer {TOKEN}");
    match request.headers().get(AUTHORIZATION) {
        Some(header) if header.as_bytes() == expected.as_bytes() => next.run(request).await,
        _ => refuse(
            StatusCode::UNAUTHORIZED,
            "INVALID_AUTHENTICATION",
            "this token is not known here",
        ),
    }
}

impl Store {
    fn insert(&mut self, kind: &str, properties: &Value) -> Value {
        self.last_id += 1;
        let id = 100 + self.last_id;
        let record = json!({
            "id": id.to_string(), "properties": properties, "archived": false, "createdAt": NOW, "updatedAt": NOW,
        });
        self.objects
            .entry(kind.to_owned())
            .or_default()
            .insert(id, record.clone());
        record
    }

    fn of_kind(&self, kind: &str) -> impl Iterator<Item = (&u64, &Value)> {
        self.objects.get(kind).into_iter().flatten()
    }
}

async fn create(
    State(store): State<Shared>,
    Path(kind): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    let record = lock(&store).insert(&kind, &body["properties"]);
    (StatusCode::CREATED, Json(record)).into_response()
}

async fn read(State(store): State<Shared>, Path((kind, id)): Path<(String, u64)>) -> Response {
    match lock(&store)
        .objects
        .get(&kind)
        .and_then(|records| records.get(&id))
    {
        Some(record) => Json(record).into_response(),
        None => refuse(StatusCode::NOT_FOUND, "OBJECT_NOT_FOUND", "no such record"),
    }
}

async fn archive(State(store): State<Shared>, Path((kind, id)): Path<(String, u64)>) -> StatusCode {
    lock(&store).objects.entry(kind).or_default().remove(&id);
    StatusCode::NO_CONTENT
}

async fn list(
    State(store): State<Shared>,
    Path(kind): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Json<Value> {
    let number = |name: &str, otherwise| {
        query
            .get(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(otherwise)
    };
    let after: u64 = number("after", 0);
    let limit = usize::try_from(number("limit", 10)).unwrap_or(10);
    let store = lock(&store);
    let mut rest = store.of_kind(&kind).filter(|(id, _)| **id > after);
    let page: Vec<_> = rest.by_ref().take(limit).collect();
    let mut answer =
        json!({ "results": page.iter().map(|(_, record)| record).collect::<Vec<_>>() });
    if let (Some((id, _)), Some(_)) = (page.last(), rest.next()) {
        answer["paging"] = json!({ "next": { "after": id.to_string() } });
    }
    Json(answer)
}

async fn search(
    State(store): State<Shared>,
    Path(kind): Path<String>,
    Json(body): Json<Value>,
) -> Json<Value> {
    let groups = body["filterGroups"].as_array().cloned().unwrap_or_default();
    let matches = |record: &Value| {
        groups.iter().any(|group| {
            group["filters"]
                .as_array()
                .into_iter()
                .flatten()
                .all(|filter| {
                    let name = filter["propertyName"].as_str().unwrap_or_default();
                    filter["operator"] == "EQ" && record["properties"][name] == filter["value"]
                })
        })
    };
    let store = lock(&store);
    let results: Vec<_> = store
        .of_kind(&kind)
        .map(|(_, record)| record)
        .filter(|record| matches(record))
        .collect();
    Json(json!({ "total": results.len(), "results": results }))
}

async fn batch_upsert(
    State(store): State<Shared>,
    Path(kind): Path<String>,
    Json(body): Json<Value>,
) -> Response {
    let mut results = Vec::new();
    let mut errors = Vec::new();
    for input in body["inputs"].as_array().into_iter().flatten() {
        let email = input["properties"]["email"].as_str().unwrap_or_default();
        if email.contains('@') {
            let mut record = lock(&store).insert(&kind, &input["properties"]);
            record["new"] = true.into();
            record["objectWriteTraceId"] = input["objectWriteTraceId"].clone();
            results.push(record);
        } else {
            errors.push(json!({
                "status": "error", "category": "VALIDATION_ERROR", "message": "the e-mail address is not valid",
                "context": { "objectWriteTraceId": [input["objectWriteTraceId"]] },
            }));
        }
    }
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::MULTI_STATUS
    };
    let answer = json!({
        "status": "COMPLETE", "startedAt": NOW, "completedAt": NOW, "results": results,
        "numErrors": errors.len(), "errors": errors,
    });
    (status, Json(answer)).into_response()
}

async fn associate(
    State(store): State<Shared>,
    Path((from, from_id, to, to_id)): Path<(String, String, String, String)>,
) -> Json<Value> {
    lock(&store)
        .associations
        .push([from, from_id.clone(), to, to_id.clone()]);
    Json(json!({
        "status": "COMPLETE", "startedAt": NOW, "completedAt": NOW,
        "results": [{
            "from": { "id": from_id }, "to": { "id": to_id },
            "associationSpec": { "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1 },
        }],
    }))
}

async fn define(State(store): State<Shared>, Json(mut schema): Json<Value>) -> Response {
    let mut store = lock(&store);
    let id = store.schemas.len() + 1;
    schema["id"] = id.to_string().into();
    schema["objectTypeId"] = format!("2-{id}").into();
    schema["fullyQualifiedName"] =
        format!("p1_{}", schema["name"].as_str().unwrap_or_default()).into();
    schema["associations"] = json!([]);
    for property in schema["properties"].as_array_mut().into_iter().flatten() {
        property["description"] = "".into();
        property["groupName"] = "machine_information".into();
    }
    store.schemas.push(schema.clone());
    (StatusCode::CREATED, Json(schema)).into_response()
}
