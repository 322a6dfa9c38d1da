//! Prints golden vectors: an artifact that is written here, and those of the files that are named, read and written again.
//! A line is the vector's name and its bytes in hexadecimal.

#[allow(dead_code)]
mod artifact;

use artifact::*;
use std::{env, fs, path::Path};
use uuid::Uuid;

fn main() {
    print("written", &written());
    for name in env::args().skip(1) {
        let path = Path::new(&name);
        let bytes = fs::read(path).expect("a file");
        let artifact: Artifact = bincode::deserialize(&bytes).expect("an artifact");
        print(path.file_stem().and_then(|stem| stem.to_str()).expect("a name"), &artifact);
    }
}

fn print(name: &str, artifact: &Artifact) {
    let bytes = bincode::serialize(artifact).expect("bytes");
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("{name} {hex}");
}

/// The same as `written.json`.
fn written() -> Artifact {
    Artifact {
        schema_version: SchemaVersion { major: 1, minor: 2, patch: 0 },
        created_with: "by hand".into(),
        content_hash: [7; 32],
        workflow: workflow("outer", 1),
        callees: Some(vec![([8; 32], workflow("inner", 2))]),
        sources: Some(vec![([7; 32], vec![("odd".into(), "desk/a.wf:3".into())])]),
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn workflow(name: &str, number: u128) -> Workflow {
    Workflow {
        id: id(number),
        name: name.into(),
        package: None,
        version: Some("1.0.0-rc.1".into()),
        description: Some("ä 😀 \u{0}".into()),
        created_at: Some("2026-01-31T08:00:00.000001Z".into()),
        updated_at: None,
        metadata: Some(WorkflowMetadata {
            author: None,
            tags: Some(vec![]),
            category: None,
            icon: None,
            color: None,
            custom: Some(values()),
        }),
        settings: None,
        regions: None,
        nodes: vec![Node::Input(InputNode {
            id: id(3),
            path: "odd".into(),
            name: "".into(),
            description: None,
            position: Some(Position { x: Number::Whole(-1), y: Number::Real(-0.0) }),
            enabled: Some(false),
            region: None,
            synthetic: None,
            metadata: None,
            port: Port {
                name: "output".into(),
                data_type: point(),
                required: None,
                constraints: Some(vec![Constraint { kind: Kind::MaxLength, value: Value::Whole(9) }]),
                wire: None,
                documentation: None,
                default_value: Some(Value::Null),
            },
        })],
        edges: vec![
            Edge::Control(ControlEdge {
                id: id(u128::MAX),
                source_node: id(3),
                target_node: id(3),
                priority: Some(i64::MIN),
            }),
            Edge::Conditional(ConditionalEdge {
                id: id(5),
                source_node: id(3),
                target_node: id(3),
                label: "else".into(),
                order: i64::MAX,
                condition: Some(Expression { source: "1 < 2".into(), r#type: Type::Name(TypeName::Bool) }),
            }),
        ],
    }
}

/// Every form of a value.
fn values() -> Value {
    Value::Object(vec![
        ("".into(), Value::Null),
        ("big".into(), Value::Big(u64::MAX)),
        ("list".into(), Value::List(vec![Value::Bool(true), Value::Bool(false), Value::List(vec![])])),
        ("real".into(), Value::Real(5e-324)),
        ("text".into(), Value::Text("\u{10ffff}".into())),
        ("whole".into(), Value::Whole(i64::MIN)),
        ("zero".into(), Value::Real(-0.0)),
    ])
}

/// `{ x: float, kinds: [enum] }?`
fn point() -> Type {
    let kinds = Type::Enum { r#enum: Enum { name: "Kind".into(), values: vec![vec!["to_do".into(), "to do".into()]] } };
    let field = |name: &str, of: Type| Field {
        name: name.into(),
        r#type: of,
        default: None,
        constraints: None,
        wire: None,
        doc: None,
    };
    let fields = vec![
        field("x", Type::Name(TypeName::Float)),
        field("kinds", Type::List { list: Box::new(kinds) }),
    ];
    Type::Optional { optional: Box::new(Type::Record { record: TypeRecord { name: None, fields } }) }
}
