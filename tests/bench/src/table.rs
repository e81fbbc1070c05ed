//! The tables of figures in the READMEs, in English and in Chinese.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::figures::Figures;
use crate::peers::PEERS;

const BEGIN: &str = "<!-- .ci/bench writes from here -->\n";
const END: &str = "<!-- to here -->\n";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    Chinese,
}

use Language::{Chinese, English};

impl Language {
    fn of(path: &Path) -> Self {
        if path.to_string_lossy().contains("zh-CN") {
            Chinese
        } else {
            English
        }
    }

    const fn pick(self, texts: [&'static str; 2]) -> &'static str {
        match self {
            English => texts[0],
            Chinese => texts[1],
        }
    }
}

/// Puts the tables between the markers of a README.
pub fn write(figures: &Figures, path: &Path) -> Result<(), String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| at(&error))?;
    let (before, rest) = text.split_once(BEGIN).ok_or(at(&"no begin marker"))?;
    let (_, after) = rest.split_once(END).ok_or(at(&"no end marker"))?;
    let tables = tables(figures, Language::of(path))?;
    fs::write(path, format!("{before}{BEGIN}{tables}{END}{after}")).map_err(|error| at(&error))
}

fn tables(figures: &Figures, language: Language) -> Result<String, String> {
    let say = |texts| language.pick(texts);
    let mut text = format!(
        "\n{}, rustc {}{}{}\n\n",
        figures.text("date")?,
        figures.text("rustc")?,
        match figures.text("core")? {
            "built" => say([
                ", `core` built with the firmware's own options (`-Zbuild-std=core`). ",
                "，`core` 以固件自己的选项编译（`-Zbuild-std=core`）。",
            ]),
            _ => say([". ", "。"]),
        },
        say([
            "Flash of a session on a Cortex-M0, fat LTO, no logging, without that of the same firmware that has no driver:",
            "在 Cortex-M0 上一次会话占用的 flash（fat LTO，无日志），已减去没有驱动的相同固件：",
        ])
    );
    text += &sessions(figures, language)?;
    text += "\n";
    text += &goals(figures, language)?;
    text += "\n";
    text += &growth(figures, language)?;
    text += "\n";
    Ok(text)
}

fn row(cells: &[&str]) -> String {
    let mut row = String::from("|");
    for cell in cells {
        let padded = if cell.is_empty() {
            String::from(" |")
        } else {
            format!(" {cell} |")
        };
        row += &padded;
    }
    row + "\n"
}

fn header(cells: &[&str]) -> String {
    row(cells) + &row(&vec!["---"; cells.len()])
}

/// `12792` as `12,792`.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn bytes(value: u64) -> String {
    grouped(value) + " B"
}

/// Hundredths as a decimal number.
fn hundredths(value: u64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

fn sessions(figures: &Figures, language: Language) -> Result<String, String> {
    let say = |texts| language.pick(texts);
    let mut table = header(&[
        say(["session", "会话"]),
        "`s`",
        "`z`",
        say(["statics", "静态内存"]),
        say(["can panic", "可能 panic"]),
        say(["what it does not do", "没有的功能"]),
    ]);
    let ours = [
        (
            "session_full",
            [
                "**this driver**: `init`, Wi-Fi, `usercfg`, `conncfg` with a will, connect, subscribe, publish text and bytes, receive",
                "**本驱动**：`init`、Wi-Fi、`usercfg`、带遗嘱的 `conncfg`、连接、订阅、发布文本和字节、接收",
            ],
            ["", ""],
        ),
        (
            "session",
            ["this driver, less of it", "本驱动，较少功能"],
            ["`init`, `conncfg`", "`init`、`conncfg`"],
        ),
    ];
    let peers = PEERS
        .iter()
        .map(|peer| (peer.image, [peer.name; 2], peer.lacks));
    for (image, name, lacks) in ours.into_iter().chain(peers) {
        let can_panic = match figures.text(&format!("can_panic.{image}"))? {
            "no" => say(["no", "否"]),
            _ => say(["yes", "是"]),
        };
        table += &row(&[
            say(name),
            &bytes(figures.number(&format!("flash.s.{image}"))?),
            &bytes(figures.number(&format!("flash.z.{image}"))?),
            &bytes(figures.number(&format!("statics.{image}"))?),
            can_panic,
            say(lacks),
        ]);
    }
    Ok(table)
}

fn goals(figures: &Figures, language: Language) -> Result<String, String> {
    let say = |texts| language.pick(texts);
    let number = |name: &str| figures.number(name);
    let chunks = |who: &str| -> Result<Vec<u64>, String> {
        let cost = |chunk| number(&format!("{who}.receive_441.chunk.{chunk}"));
        [1, 16, 64].into_iter().map(cost).collect()
    };
    let per_byte = |costs: &[u64], digits: fn(u64) -> String| -> String {
        let each = costs.iter().map(|cost| digits(cost * 100 / 441));
        each.collect::<Vec<_>>().join(" / ")
    };
    let whole = |value: u64| grouped(value / 100);
    let growth = {
        let ratio = |chunk| -> Result<u64, String> {
            let long = number(&format!("driver.receive_4096.chunk.{chunk}"))?;
            Ok(long * 100 / number(&format!("driver.receive_441.chunk.{chunk}"))?)
        };
        let all: Result<Vec<_>, _> = [1, 16, 64].into_iter().map(ratio).collect();
        let all: Vec<_> = all?.into_iter().map(hundredths).collect();
        all.join(" / ")
    };
    let shares = figures.under("wire.")?;
    let lost = figures.under("duplex.")?;
    let rows: [([&'static str; 2], String, &str); 12] = [
        (
            ["flash of the full session", "完整会话的 flash"],
            bytes(number("flash.s.session_full")?),
            "6,144 B",
        ),
        (
            [
                "the same of the async driver, Cortex-M4F",
                "异步驱动的完整会话，Cortex-M4F",
            ],
            bytes(number("flash.s.session_async")?),
            "9,216 B",
        ),
        (
            [
                "driver struct beside its buffers",
                "驱动结构体（不含缓冲区）",
            ],
            bytes(number("struct.driver")?.max(number("struct.async")?)),
            "96 B",
        ),
        (
            ["stack of the full session", "完整会话的栈"],
            bytes(number("stack.session")?),
            "640 B",
        ),
        (
            [
                "instructions per byte of a 441-byte message, 1 / 16 / 64 bytes at a time",
                "接收 441 字节消息时每字节的指令数，每次到达 1 / 16 / 64 字节",
            ],
            per_byte(&chunks("driver")?, hundredths),
            "60 / 15 / 6",
        ),
        (
            [
                "the same, atat 0.25's `AtDigester`",
                "同上，atat 0.25 的 `AtDigester`",
            ],
            per_byte(&chunks("atat")?, whole),
            "",
        ),
        (
            [
                "instructions for a 4096-byte message, times those for one of 441",
                "4096 字节消息的指令数与 441 字节消息之比",
            ],
            growth,
            "10",
        ),
        (
            [
                "instructions of `poll_receive` when nothing has come",
                "没有数据时 `poll_receive` 的指令数",
            ],
            grouped(number("driver.idle")?),
            "60",
        ),
        (
            [
                "highest baud rate without loss, messages back to back, 16 MHz, feature `interrupt`",
                "消息连续到达时不丢失的最高波特率，16 MHz，特性 `interrupt`",
            ],
            grouped(number("driver.sustained_baud")?),
            "115,200",
        ),
        (
            [
                "publishing and receiving: least share of the time that the bits alone need, 9600 to 921,600 baud",
                "发布和接收：线路时间中比特本身所占的最低比例，9600 至 921,600 波特",
            ],
            format!("{} %", hundredths(*shares.iter().min().ok_or("no wire")?)),
            "99 %",
        ),
        (
            [
                "lost of 100 messages per second while publishing, FIFO of 1, 16, 32 bytes",
                "发布的同时每秒接收 100 条消息，丢失数，FIFO 为 1、16、32 字节",
            ],
            lost.iter().sum::<u64>().to_string(),
            "0",
        ),
        (
            ["statics", "静态内存"],
            bytes(number("statics.session_full")?),
            "0 B",
        ),
    ];
    let mut table = header(&[
        say(["this driver", "本驱动"]),
        say(["figure", "数值"]),
        say(["goal", "目标"]),
    ]);
    for (what, figure, goal) in rows {
        table += &row(&[say(what), &figure, goal]);
    }
    Ok(table)
}

/// How the cost of receiving grows.
fn growth(figures: &Figures, language: Language) -> Result<String, String> {
    let say = |texts| language.pick(texts);
    let rows = [
        (
            [
                "payload of so many bytes, 64 at a time",
                "负载字节数，每次到达 64 字节",
            ],
            "driver.payload",
            [16, 64, 256, 1024, 4096].as_slice(),
        ),
        (
            ["topic of so many bytes", "主题字节数"],
            "driver.topic",
            &[8, 32, 128],
        ),
        (
            [
                "so many messages that wait in the buffer, 16 bytes at a time",
                "缓冲区中等待的消息数，每次到达 16 字节",
            ],
            "driver.queue.chunk_16",
            &[1, 8, 32],
        ),
    ];
    let mut table = header(&[
        say(["instructions to receive", "接收所需的指令数"]),
        say(["size: instructions", "大小：指令数"]),
    ]);
    for (what, name, sizes) in rows {
        let mut costs = String::new();
        for size in sizes {
            let cost = grouped(figures.number(&format!("{name}.{size}"))?);
            let comma = if costs.is_empty() { "" } else { "; " };
            write!(costs, "{comma}{size}: {cost}").expect("a string");
        }
        table += &row(&[say(what), &costs]);
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(12_345_678), "12,345,678");
        assert_eq!(hundredths(9_905), "99.05");
    }

    #[test]
    fn what_was_not_measured_is_not_written() {
        let figures = Figures::parse("date 2026-11\nrustc 1.96\ncore built\n").expect("figures");
        let error = tables(&figures, English).expect_err("no figures");
        assert!(error.contains("not measured"), "{error}");
    }
}
