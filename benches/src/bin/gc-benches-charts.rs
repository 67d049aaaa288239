//! Draws the charts of the README from the figures that `gc-benches --json` has written.
//!
//! `cargo run --release -p gc-benches --features charts --bin gc-benches-charts -- benches/charts/figures.json`
//! writes them beside the file, and prints the table of the README.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde_json::Value;
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Subjects in the order of the charts: gc-core first, then what it is held against.
const LOCAL: [&str; 9] = [
    "unsync",
    "dumpster",
    "rust-cc",
    "gcmodule",
    "bacon_rajan_cc",
    "gc",
    "boa_gc",
    "gc-arena",
    "CPython",
];
const SHARED: [&str; 5] = ["sync", "sync bg", "dumpster sync", "gcmodule sync", "shredder"];

/// What a chart shows.
struct Chart {
    file: &'static str,
    title: &'static str,
    subjects: &'static [&'static str],
    /// A workload and what it is called in the chart.
    groups: &'static [(&'static str, &'static str)],
    /// `ratio` or `figure`.
    field: &'static str,
    /// The figure is divided by this.
    scale: f64,
}

const CHARTS: [Chart; 5] = [
    Chart {
        file: "handles.svg",
        title: "one thread: handle operations, times Rc",
        subjects: &LOCAL,
        groups: &[
            ("deref: walk of a list of 1000", "deref"),
            ("clone + drop: one number", "clone+drop, number"),
            ("clone + drop: one node", "clone+drop, node"),
            ("new + last drop: number", "new+drop, number"),
            ("new + last drop: node without links", "new+drop, node"),
        ],
        field: "ratio",
        scale: 1.0,
    },
    Chart {
        file: "cycles.svg",
        title: "one thread: cycles built and reclaimed, times Rc taken apart by hand",
        subjects: &LOCAL,
        groups: &[
            ("rings of 2: build and reclaim", "rings of 2"),
            ("rings of 10: build and reclaim", "rings of 10"),
            ("tree of 1111 with parents: build and reclaim", "tree with parents"),
            ("random graph of 1000", "random graph"),
            ("churn that holds some of 10000 live", "churn, 10 000 live"),
            ("churn that holds some of 1000000 live", "churn, 1 000 000 live"),
        ],
        field: "ratio",
        scale: 1.0,
    },
    Chart {
        file: "threads.svg",
        title: "for threads: times Arc",
        subjects: &SHARED,
        groups: &[
            ("two threads, deref: one number", "two threads, deref"),
            ("two threads, clone + drop: one number", "two threads, clone+drop"),
            ("new + last drop: node without links", "new+drop, node"),
            ("rings of 10: build and reclaim", "rings of 10"),
            ("tree of 1111 with parents: build and reclaim", "tree with parents"),
            ("two threads, random graph of 1000", "two threads, graph"),
            ("churn that holds some of 1000000 live", "churn, 1 000 000 live"),
        ],
        field: "ratio",
        scale: 1.0,
    },
    Chart {
        file: "stalls.svg",
        title: "longest stall of an operation beside live objects, in ms",
        subjects: &[
            "unsync",
            "dumpster",
            "rust-cc",
            "gcmodule",
            "bacon_rajan_cc",
            "gc",
            "boa_gc",
            "gc-arena",
            "CPython",
            "sync",
            "sync bg",
            "dumpster sync",
            "gcmodule sync",
            "shredder",
        ],
        groups: &[
            ("stall beside 100000 live: longest", "100 000 live"),
            ("stall beside 1000000 live: longest", "1 000 000 live"),
        ],
        field: "figure",
        scale: 1e6,
    },
    Chart {
        file: "bytes.svg",
        title: "bytes of a node with two links and a number",
        subjects: &[
            "Rc",
            "unsync",
            "dumpster",
            "rust-cc",
            "gcmodule",
            "bacon_rajan_cc",
            "gc",
            "boa_gc",
            "gc-arena",
            "CPython",
            "Arc",
            "sync",
            "dumpster sync",
            "gcmodule sync",
            "shredder",
        ],
        groups: &[("bytes: a node with two links and a number", "node")],
        field: "figure",
        scale: 1.0,
    },
];

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("gc-benches-charts: wants the file of figures");
        return ExitCode::FAILURE;
    };
    match run(Path::new(&path)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("gc-benches-charts: {path}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(path: &Path) -> Outcome<()> {
    let figures: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    for chart in &CHARTS {
        draw(chart, &figures, &path.with_file_name(chart.file))?;
    }
    print!("{}{}", markdown(&figures, "Rc", &LOCAL), markdown(&figures, "Arc", &SHARED));
    print!("{}", budgets(&figures));
    Ok(())
}

/// What was measured of a subject.
fn result<'a>(figures: &'a Value, workload: &str, subject: &str) -> Option<&'a Value> {
    let rows = figures["rows"].as_array()?;
    let row = rows.iter().find(|row| row["workload"] == workload)?;
    row["results"].as_array()?.iter().find(|result| result["subject"] == subject)
}

/// Its bar, or why there is none.
fn bar(chart: &Chart, figures: &Value, workload: &str, subject: &str) -> (Option<f64>, String) {
    let Some(result) = result(figures, workload, subject) else { return (None, String::new()) };
    match result[chart.field].as_f64() {
        Some(value) => (Some(value / chart.scale), short(value / chart.scale)),
        None => (None, why(result)),
    }
}

/// Two or three digits.
fn short(value: f64) -> String {
    match value {
        _ if value >= 99.5 => format!("{value:.0}"),
        _ if value >= 9.95 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The first word of the reason: "overflow", "slow", "died"; a dash where it cannot.
fn why(result: &Value) -> String {
    let reason = result["reason"].as_str().unwrap_or_default();
    match reason.split(':').next().unwrap_or_default() {
        "cannot" | "left out" | "" => "-".to_string(),
        word => word.to_string(),
    }
}

/// Groups of bars on a logarithmic scale, each with its figure.
fn draw(chart: &Chart, figures: &Value, path: &Path) -> Outcome<()> {
    let width = chart.subjects.len() + 1;
    let slots = width * chart.groups.len();
    let (bottom, top) = range(chart, figures);
    let root = SVGBackend::new(path, (1100, 420)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut context = ChartBuilder::on(&root)
        .caption(chart.title, ("sans-serif", 18))
        .margin(10)
        .margin_right(140)
        .x_label_area_size(26)
        .y_label_area_size(50)
        .build_cartesian_2d(0.0..slots as f64, (bottom..top).log_scale())?;
    context
        .configure_mesh()
        .disable_x_mesh()
        .x_labels(0)
        .y_label_formatter(&|value| short(*value))
        .light_line_style(WHITE)
        .draw()?;
    let text = ("sans-serif", 10).into_font().transform(FontTransform::Rotate270);
    let text = text.into_text_style(&root).pos(Pos::new(HPos::Left, VPos::Center));
    for (place, subject) in chart.subjects.iter().enumerate() {
        let colour = colour(subject);
        for (group, (workload, _)) in chart.groups.iter().enumerate() {
            let left = (group * width + place) as f64 + 0.5;
            let (value, label) = bar(chart, figures, workload, subject);
            let value = value.unwrap_or(bottom);
            let corners = [(left + 0.05, bottom), (left + 0.95, value)];
            context.draw_series([Rectangle::new(corners, colour.filled())])?;
            let (x, y) = context.backend_coord(&(left + 0.5, value));
            root.draw(&Text::new(label, (x, y - 4), text.clone()))?;
        }
        let y = 40 + i32::try_from(place)? * 20;
        root.draw(&Rectangle::new([(970, y), (982, y + 12)], colour.filled()))?;
        root.draw(&Text::new(*subject, (988, y), ("sans-serif", 13).into_text_style(&root)))?;
    }
    let name = ("sans-serif", 13).into_text_style(&root).pos(Pos::new(HPos::Center, VPos::Top));
    for (group, (_, called)) in chart.groups.iter().enumerate() {
        let middle = group as f64 * width as f64 + width as f64 / 2.0;
        let (x, y) = context.backend_coord(&(middle, bottom));
        root.draw(&Text::new(*called, (x, y + 6), name.clone()))?;
    }
    root.present()?;
    Ok(())
}

/// The lowest and the highest value of the scale: 1 is within it.
fn range(chart: &Chart, figures: &Value) -> (f64, f64) {
    let values = chart.groups.iter().flat_map(|(workload, _)| {
        chart.subjects.iter().filter_map(|subject| bar(chart, figures, workload, subject).0)
    });
    let (least, most) =
        values.fold((1.0_f64, 1.0_f64), |(a, b), value| (a.min(value), b.max(value)));
    (least * 0.7, most * 3.0)
}

/// The same colour for a crate in every chart.
fn colour(subject: &str) -> RGBColor {
    let (red, green, blue) = match subject.trim_end_matches(" sync") {
        "unsync" | "sync" => (200, 30, 30),
        "sync bg" => (240, 150, 130),
        "Rc" | "Arc" => (60, 60, 60),
        "dumpster" => (68, 119, 170),
        "rust-cc" => (102, 204, 238),
        "gcmodule" => (34, 136, 51),
        "bacon_rajan_cc" => (170, 51, 119),
        "gc" => (204, 187, 68),
        "boa_gc" => (238, 119, 51),
        "gc-arena" => (0, 153, 136),
        "shredder" => (140, 86, 75),
        _ => (187, 187, 187),
    };
    RGBColor(red, green, blue)
}

/// The rows for the README: ratios to std, or figures where there is nothing to compare with.
fn markdown(figures: &Value, baseline: &str, subjects: &[&str]) -> String {
    let mut text = format!(
        "| | {baseline} | {} |\n|---|{}\n",
        subjects.join(" | "),
        "---|".repeat(subjects.len() + 1)
    );
    for row in figures["rows"].as_array().into_iter().flatten() {
        let workload = row["workload"].as_str().unwrap_or_default();
        if !subjects.iter().any(|subject| result(figures, workload, subject).is_some()) {
            continue;
        }
        let cell = |subject: &str| {
            let Some(result) = result(figures, workload, subject) else { return String::new() };
            let mut cell = match (result["ratio"].as_f64(), result["figure"].as_f64()) {
                (Some(ratio), _) if row["kind"] == "time" => short(ratio),
                (_, Some(figure)) => unit(&row["kind"], figure),
                _ => why(result),
            };
            if result["leaks"] == true {
                cell.push_str(" leaks");
            }
            cell
        };
        let cells: Vec<String> = subjects.iter().map(|subject| cell(subject)).collect();
        text.push_str(&format!("| {workload} | {} | {} |\n", cell(baseline), cells.join(" | ")));
    }
    text.push('\n');
    text
}

fn unit(kind: &Value, figure: f64) -> String {
    match kind.as_str() {
        Some("depth") => thousands(figure),
        Some("memory") => short(figure),
        _ if figure >= 1e6 => format!("{} ms", short(figure / 1e6)),
        _ if figure >= 1e3 => format!("{} µs", short(figure / 1e3)),
        _ => format!("{} ns", short(figure)),
    }
}

fn thousands(figure: f64) -> String {
    if figure >= 1e6 { format!("{} M", figure / 1e6) } else { format!("{} k", figure / 1e3) }
}

/// What gc-core was to keep to, and whether it did.
fn budgets(figures: &Value) -> String {
    let mut text = "| budget of | | measured | budget | |\n|---|---|---|---|---|\n".to_string();
    for row in figures["rows"].as_array().into_iter().flatten() {
        for result in row["results"].as_array().into_iter().flatten() {
            let (Some(met), Some(budget)) = (result["met"].as_bool(), result["budget"].as_f64())
            else {
                continue;
            };
            let by_ratio = result["budget_kind"] == "ratio";
            let show = |value: f64| if by_ratio { short(value) } else { unit(&row["kind"], value) };
            let measured = if by_ratio { &result["ratio"] } else { &result["figure"] };
            text.push_str(&format!(
                "| {} | {} | {} | {} | {} |\n",
                row["workload"].as_str().unwrap_or_default(),
                result["subject"].as_str().unwrap_or_default(),
                measured.as_f64().map_or(String::new(), show),
                show(budget),
                if met { "met" } else { "**missed**" },
            ));
        }
    }
    for subject in ["unsync", "sync"] {
        let figure = |live: &str| {
            let workload = format!("churn that holds some of {live} live");
            result(figures, &workload, subject)?["figure"].as_f64()
        };
        if let (Some(small), Some(large)) = (figure("10000"), figure("1000000")) {
            let met = if large / small <= 1.3 { "met" } else { "**missed**" };
            let name = "the same churn: 1000000 live, times 10000 live";
            text.push_str(&format!(
                "| {name} | {subject} | {} | 1.30 | {met} |\n",
                short(large / small)
            ));
        }
    }
    text
}
