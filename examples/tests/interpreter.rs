//! Runs the example `interpreter` as its user does: sessions, programs, and what is neither.

#![forbid(unsafe_code)]

use gc_examples::testing::{self, example, feed, refuse, stderr, stdout, succeed, succeeded};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn interpreter() -> Command {
    example("interpreter")
}

fn programs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interpreter/programs")
}

/// What a session prints for these lines.
fn session(lines: impl AsRef<[u8]>) -> String {
    succeeded(&feed(&mut interpreter(), lines.as_ref()))
}

/// What a program of this name says when it fails.
fn failing(name: &str, program: impl AsRef<[u8]>) -> String {
    let path = testing::file(env!("CARGO_TARGET_TMPDIR"), name, program.as_ref());
    let output = interpreter().arg("--file").arg(path).output().expect("the example starts");
    assert_eq!(output.status.code(), Some(1), "{}\n{}", stdout(&output), stderr(&output));
    let said = stderr(&output);
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn a_session_goes_as_it_always_does() {
    let golden = [
        ("(+ 1 2)", "3\n"),
        ("(define (square x) (* x x))", ""),
        ("(map square '(1 2 3))", "(1 4 9)\n"),
        ("(display \"hello\") (newline) 'two 'values ; and a comment", "hello\ntwo\nvalues\n"),
        ("(define counter", ""),
        ("  (let ((n 0))", ""),
        ("    (lambda () (set! n (+ n 1)) n)))", ""),
        ("(list (counter) (counter))", "(1 2)\n"),
        ("(car '())", "error: not a pair: ()\n"),
        ("nobody", "error: unbound variable: nobody\n"),
        ("(list 1 2", ""),
        ("))", "(1 2)\nline 12: a ) without its (\n"),
        ("\"a string", ""),
        ("of two lines\"", "\"a string\\nof two lines\"\n"),
        ("square", "#<procedure square>\n"),
        ("(define ring (list 1 2))", ""),
        ("(set-cdr! (cdr ring) ring)", ""),
        ("ring", "(1 2 . #cycle)\n"),
        // Of `leaves-behind` and what it is called with: nothing, or a ring of two.
        ("(leaves-behind (lambda () 1))", "(0 0 0)\n"),
        ("(leaves-behind (lambda () (set! ring 0)))", "(0 2 -2)\n"),
        ("(leaves-behind (lambda () (define (f) f) 1))", "(2 2 0)\n"),
        ("(map car (gc-stats))", "(young middle old)\n"),
        ("(error \"stop\" 'here)", "error: stop: here\n"),
        ("(exit)", ""),
        ("'never", ""),
    ];
    let lines: String = golden.iter().flat_map(|(line, _)| [*line, "\n"]).collect();
    let printed: String = golden.iter().map(|(_, printed)| *printed).collect();
    assert_eq!(session(lines), printed);
}

#[test]
fn every_program_prints_what_stands_beside_it() {
    let mut run = 0;
    for file in fs::read_dir(programs()).expect("there are programs") {
        let expected = file.expect("a file").path();
        if expected.extension().is_none_or(|it| it != "txt") {
            continue;
        }
        let program = expected.with_extension("lisp");
        let printed = succeed(interpreter().arg("--file").arg(&program));
        assert_eq!(printed, fs::read_to_string(&expected).unwrap(), "{}", program.display());
        run += 1;
    }
    assert_eq!(run, 7);
}

#[test]
fn failures_are_values_and_the_last_one_ends_the_program() {
    let program = programs().join("failures.lisp");
    let output = interpreter().arg("--file").arg(&program).output().expect("the example starts");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output), fs::read_to_string(programs().join("failures.out")).unwrap());
    let said = stderr(&output);
    assert!(said.starts_with("interpreter: "), "{said}");
    assert!(said.ends_with("failures.lisp:27: the end: (of the file)\n"), "{said}");
}

#[test]
fn what_keeps_everything_is_stopped_and_lets_go() {
    let program = programs().join("grow.lisp");
    let printed = succeed(interpreter().args(["--objects", "50000", "--file"]).arg(program));
    assert_eq!(printed, "\"more than 50000 objects in use\"\nrecovered\n");
}

#[test]
fn figures_are_given_when_asked_for() {
    let mutual = programs().join("mutual.lisp");
    let printed = succeed(interpreter().args(["--figures", "--file"]).arg(mutual));
    assert!(printed.contains("\n  collections  "), "{printed}");
    assert!(printed.ends_with(" objects collected, none left\n"), "{printed}");
}

#[test]
fn what_cannot_be_read_says_so_and_the_session_goes_on() {
    let golden = [
        (")", "line 1: a ) without its ("),
        ("(1 . )", "line 2: nothing after a dot"),
        ("( . 1)", "line 3: a dot where there can be none"),
        ("(1 . 2 3)", "line 4: more than one value after a dot"),
        ("(')", "line 5: nothing after a quote"),
        ("\"\\q\"", "line 6: no such escape: \\q"),
        ("#nonsense", "line 7: no such value: #nonsense"),
        ("9223372036854775808", "line 8: a number out of range: 9223372036854775808"),
        ("-1e999", "line 9: a number out of range: -1e999"),
        ("()", "error: nothing to call in ()"),
        ("(1 2)", "error: not a procedure: 1"),
        ("if", "error: a form is no value: if"),
        ("(1 . 2)", "error: not a list: 2"),
        ("(quote)", "error: quote is malformed: (quote)"),
        ("(lambda (1) 2)", "error: lambda needs a name: 1"),
        ("(define if 2)", "error: define needs a name: if"),
        ("(let ((x)) x)", "error: let is malformed: (let ((x)) x)"),
        ("(cond 1)", "error: cond is malformed: 1"),
        ("(unquote x)", "error: unquote is malformed: (unquote x)"),
        ("`,@x", "error: nothing to splice into: (unquote-splicing x)"),
        ("(apply +)", "error: apply takes at least 2 arguments, not 1"),
        ("(apply + '(1 . 2))", "error: not a list: (1 . 2)"),
        ("'(((unfinished)", "line 23: the input ends inside this expression"),
    ];
    let lines: String = golden.iter().flat_map(|(line, _)| [*line, "\n"]).collect();
    let printed: String = golden.iter().flat_map(|(_, printed)| [*printed, "\n"]).collect();
    assert_eq!(session(lines), printed);
}

#[test]
fn what_is_no_text_is_left_out() {
    assert_eq!(session(b"1\n\xff\xfe\n2\n"), "1\nline 2: not UTF-8\n2\n");
    assert_eq!(session(b"(+ 1\n\xff)\n5\n"), "line 2: not UTF-8\n5\n");
    assert_eq!(
        session(b"\0 (\0) \x1b"),
        "error: unbound variable: \0\nerror: unbound variable: \0\nerror: unbound variable: \u{1b}\n"
    );
}

#[test]
fn no_nesting_is_too_deep_to_be_told_so() {
    let deep = "(".repeat(1_000_000);
    assert_eq!(session(&deep), "line 1: nested deeper than 1000\n");
    assert_eq!(session("'".repeat(1_000_000)), "line 1: nested deeper than 1000\n");
    assert_eq!(session(format!("'{}{}", "(".repeat(999), ")".repeat(999))).len(), 2 * 999 + 1);
    let quasi = format!("{}'x{}", "`(a ,(list ".repeat(249), "))".repeat(249));
    assert!(session(quasi).starts_with("(a ((a ((a (("), "a template of templates");
    assert_eq!(
        session(
            "(define x 'x) (define (f n) (if (= n 0) 1 (begin (set! x (list x)) (f (- n 1))))) (f 20000) (begin (set! x 0) (gc))"
        ),
        "1\n0\n"
    );
}

#[test]
fn what_is_shared_without_end_is_printed_in_part() {
    let doubled = "(define x 'leaf) (define (f n) (if (= n 0) 'done (begin (set! x (cons x x)) (f (- n 1))))) (f 60)\n(equal? x x)\nx\n";
    let printed = session(doubled);
    let mut lines = printed.lines();
    assert_eq!((lines.next(), lines.next()), (Some("done"), Some("#t")));
    assert!(lines.next().is_some_and(|line| line.ends_with("...")));
}

#[test]
fn nothing_makes_it_panic() {
    const PIECES: [&str; 44] = [
        "(",
        "(",
        "(",
        ")",
        ")",
        ")",
        "'",
        "`",
        ",",
        ",@",
        ".",
        "\"",
        "\\",
        "\n",
        ";",
        "#t",
        "#",
        "1",
        "-1",
        "9223372036854775807",
        "1.5",
        "x",
        "y",
        "define",
        "set!",
        "lambda",
        "let",
        "let*",
        "letrec",
        "if",
        "cond",
        "else",
        "begin",
        "quote",
        "try",
        "car",
        "set-cdr!",
        "cons",
        "apply",
        "append",
        "+",
        "modulo",
        "gc",
        "error",
    ];
    let mut random = fastrand::Rng::with_seed(4);
    for _ in 0..12 {
        let mut text = String::new();
        for _ in 0..3000 {
            let piece = PIECES[random.usize(..PIECES.len())];
            write!(text, "{piece} ").expect("a string takes all");
        }
        // It ends well whatever it says, and nothing is left: it checks that itself.
        let _ = session(&text);
        let mut bytes = text.into_bytes();
        bytes
            .iter_mut()
            .for_each(|byte| *byte = if random.u8(..) < 8 { random.u8(..) } else { *byte });
        let _ = session(&bytes);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_written_or_read_is_said() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("it is there");
    // No end of a line: it is in a buffer when the program ends.
    let program = testing::file(env!("CARGO_TARGET_TMPDIR"), "full.lisp", b"(display 1)");
    let output = interpreter().arg("--file").arg(program).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).starts_with("interpreter: cannot write: "), "{}", stderr(&output));

    let folder = fs::File::open(env!("CARGO_TARGET_TMPDIR")).expect("it is there");
    let said = refuse("interpreter", interpreter().stdin(folder));
    assert!(said.starts_with("interpreter: standard input: cannot be read: "), "{said}");
}

#[test]
fn programs_that_cannot_be_run_end_with_one_line() {
    assert!(
        failing("open.lisp", "1\n(define x\n")
            .ends_with("open.lisp:2: the file ends inside an expression\n")
    );
    assert!(failing("close.lisp", "1\n\n)").ends_with("close.lisp:3: a ) without its (\n"));
    assert!(failing("unbound.lisp", "\n(f 1)").ends_with("unbound.lisp:2: unbound variable: f\n"));
}

#[test]
fn wrong_usage_is_refused_and_help_is_given() {
    let about = |arguments: &[&str]| refuse("interpreter", interpreter().args(arguments));
    assert!(about(&["--nonsense"]).contains("no such option: --nonsense"));
    assert!(about(&["--file"]).contains("--file needs a path"));
    assert!(about(&["program.lisp"]).contains("A program goes after --file"));
    assert!(about(&["--objects", "1"]).contains("--objects needs a number from 1000 to"));
    assert!(about(&["--file", "missing.lisp"]).contains("missing.lisp: cannot be read: "));
    let help = succeed(interpreter().arg("--help"));
    assert!(help.contains("usage: interpreter"), "{help}");
}
