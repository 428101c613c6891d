"""The contract language a second time, in Python, to compare the parser in src/contract with.

Written from the grammar in docs/contract.md and on other means than the C++ one: regular expressions cut lines, targets and
tokens, and binding powers order the operators. It accepts and refuses the same texts and gives the same trees, as the
s-expressions of src/contract/dump.hpp. Its messages are for debugging only.
"""

import re
import struct
from typing import NoReturn

PREFIX_WORDS = ["inout", "copy", "rows", "fortran", "lowest", "taken", "static", "unset"]
PHRASE_WORDS = {"free", "of", "from"}
RESERVED = {"and", "or", "not", "if", "else"}
FLAGS = {"broadcast", "whole", "serial", "gil", "nogil"}
BEFORE_EXPRESSION = {"ok", "check", "warn", "error", "halo"}
BEFORE_NAME = {"scratch", "first", "user", "keep", "alias", "each", "ignore"}
C_TYPE = re.compile(r"double|float|u?int(8|16|32|64)_t|_Bool|char|void|_Complex|struct|int|short|long|(un)?signed|s?size_t|ptrdiff_t")
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}
LEVELS = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]]
UNARY = {"-": "neg", "+": "pos", "~": "~"}

MOST_ALTERNATIVES = 64
MOST_PARTS = 500
MOST_DEPTH = 50
MOST_CALLBACK_DEPTH = 8

TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+|\#[^\n]*)
      | (?P<number>(?:0[xX]\w*(?:\.\w*)*)|\.?[0-9](?:[eE][-+](?=[0-9])|[\w.])*)
      | (?P<name>[A-Za-z_]\w*)
      | (?P<string>"[^"\x00-\x08\x0a-\x1f\x7f]*")
      | (?P<char>'[\x20-\x26\x28-\x7e]')
      | (?P<symbol>\.\.\.|->|<=|>=|==|!=|<<|>>|\*\*|//|/\*|&&|\|\||=>|[-+*/%&|^~<>=()\[\],;:?.{}!])""",
    re.X | re.A,
)


class ContractError(Exception):
    """The text is no contract."""


class Token:
    def __init__(self, kind: str, text: str, begin: int, end: int) -> None:
        self.kind, self.text, self.begin, self.end = kind, text, begin, end


def tokenize(text: str) -> list[Token]:
    out, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise ContractError(f"no token at {at}: {text[at : at + 10]!r}")
        if match.lastgroup != "blank":
            out.append(Token(str(match.lastgroup), match.group(), at, match.end()))
        at = match.end()
    out.append(Token("end", "", at, at))
    return out


def node(head: str, *parts: str) -> str:
    return f"({' '.join([head, *parts])})"


def quoted(text: str) -> str:
    return f'"{text}"'


def read_number(text: str) -> str:
    if re.fullmatch(r"0[xX][0-9a-fA-F]+", text):
        value = int(text, 16)
    elif re.fullmatch(r"0|[1-9][0-9]*", text):
        value = int(text)
    elif re.fullmatch(r"(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+", text):
        real = float(text)
        is_zero = not re.search("[1-9]", re.split("[eE]", text)[0])
        if real in (float("inf"), 0.0) and not is_zero:
            raise ContractError(f"{text} is out of range")
        return node("real", struct.pack(">d", real).hex())
    else:
        raise ContractError(f"{text} is no number")
    if value >= 1 << 63:
        raise ContractError(f"{text} does not fit")
    return str(value)


class Parser:
    """One line's tokens; a method for each rule, which returns the dump of what it read."""

    def __init__(self, text: str) -> None:
        self.tokens, self.at = tokenize(text), 0
        self.parts = self.depth = self.callbacks = 0

    # tokens

    def peek(self, ahead: int = 0) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def fail(self, message: str) -> NoReturn:
        raise ContractError(f"{message} at {self.peek().begin}, where {self.peek().text!r} stands")

    def sees(self, *texts: str, ahead: int = 0) -> bool:
        token = self.peek(ahead)
        return token.kind in ("name", "symbol") and token.text in texts

    def take(self) -> Token:
        token = self.peek()
        self.at += token.kind != "end"
        return token

    def take_if(self, text: str) -> bool:
        found = self.sees(text)
        if found:
            self.take()
        return found

    def need(self, text: str) -> None:
        if not self.take_if(text):
            self.fail(f"expected {text}")

    def name(self) -> str:
        if self.peek().kind != "name" or self.peek().text in RESERVED:
            self.fail("expected a name")
        return self.take().text

    def dotted(self) -> str:
        out = self.name()
        while self.take_if("."):
            out += "." + self.name()
        return out

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            self.fail("too deep")

    def part(self, dumped: str) -> str:
        self.parts += 1
        if self.parts > MOST_PARTS:
            self.fail("too long")
        return dumped

    # expressions

    def expression(self) -> str:
        self.parts = 0
        return self.disjunction()

    def sum(self) -> str:
        self.parts = 0
        return self.arithmetic(0)

    def disjunction(self) -> str:
        out = self.conjunction()
        while self.take_if("or"):
            out = self.part(node("or", out, self.conjunction()))
        return out

    def conjunction(self) -> str:
        out = self.negation()
        while self.take_if("and"):
            out = self.part(node("and", out, self.negation()))
        return out

    def negation(self) -> str:
        if not self.take_if("not"):
            return self.comparison()
        self.deeper()
        out = self.part(node("not", self.negation()))
        self.depth -= 1
        return out

    def comparison(self) -> str:
        parts = [self.arithmetic(0)]
        while self.sees(*COMPARISONS):
            parts += [self.take().text, self.arithmetic(0)]
        return self.part(node("compare", *parts)) if len(parts) > 1 else parts[0]

    def arithmetic(self, level: int) -> str:
        """The operators of LEVELS[level:], by binding power."""
        out = self.unary()
        while True:
            found = [k for k, texts in enumerate(LEVELS) if self.sees(*texts) and k >= level]
            if not found:
                return out
            operator = self.take().text
            out = self.part(node(operator, out, self.arithmetic(found[0] + 1)))

    def unary(self) -> str:
        if not self.sees(*UNARY):
            return self.primary()
        sign = UNARY[self.take().text]
        self.deeper()
        out = self.part(node(sign, self.unary()))
        self.depth -= 1
        return out

    def primary(self) -> str:
        token = self.peek()
        if token.kind == "name":
            out = self.named()
        elif token.kind == "number":
            out = self.part(read_number(self.take().text))
        elif token.kind == "char":
            out = self.part(node("char", str(ord(self.take().text[1]))))
        elif token.kind == "string":
            out = self.part(node("text", self.take().text))
        else:
            out = self.bracketed()
        if self.sees("["):
            self.fail("only a name has an index")
        return out

    def bracketed(self) -> str:
        self.deeper()
        if self.take_if("("):
            out = self.choice()
            self.need(")")
        else:
            self.need("[")
            out = self.part(node("list", *self.expressions()))
            self.need("]")
        self.depth -= 1
        return out

    def choice(self) -> str:
        chosen = self.disjunction()
        if not self.take_if("if"):
            return chosen
        self.deeper()
        condition = self.disjunction()
        self.need("else")
        out = self.part(node("if", chosen, condition, self.choice()))
        self.depth -= 1
        return out

    def expressions(self) -> list[str]:
        out = [self.disjunction()]
        while self.take_if(","):
            out.append(self.disjunction())
        return out

    def named(self) -> str:
        name = self.dotted()
        if self.sees("("):
            return self.call(name)
        if self.sees("["):
            return self.item_of_array(name)
        return self.part("NULL" if name == "NULL" else node("name", name))

    def call(self, name: str) -> str:
        if name == "return" or "." in name:
            self.fail("not a function")
        self.need("(")
        self.deeper()
        arguments = [] if self.sees(")") else self.expressions()
        self.need(")")
        self.depth -= 1
        return self.part(node("call", name, *arguments))

    def item_of_array(self, name: str) -> str:
        if name == "return":
            self.fail("return has no index")
        self.need("[")
        self.deeper()
        index = self.disjunction()
        self.need("]")
        self.depth -= 1
        member = self.dotted() if self.take_if(".") else ""
        return self.part(node("at", name, index, quoted(member)))

    def whole_call(self) -> str:
        self.parts = 0
        return self.call(self.name())

    # items

    def items(self, side: str) -> list[str]:
        out = [self.item(side)]
        while self.take_if(","):
            out.append(self.item(side))
        return out

    def item(self, side: str) -> str:
        if side == "right" and self.sees("*") and self.peek(1).kind != "name":
            self.take()
            if self.sees("[", ":", "?", "(", "="):
                self.fail("* stands alone")
            return node("item", quoted("*"))
        out = self.words()
        name = self.item_name(side)
        out.append(quoted(name))
        if self.take_if("("):
            out.append(self.callback())
        else:
            if self.take_if(":"):
                out.append(self.type())
            if self.sees("["):
                out.append(node("extents", *self.extents()))
        optional = self.take_if("?")
        if optional:
            out.append("optional")
        out += self.phrase()
        if self.sees("="):
            if side == "right" or optional:
                self.fail("no default here")
            self.take()
            out.append(node("default", self.expression()))
        return node("item", *out)

    def words(self) -> list[str]:
        found = []
        while self.sees(*PREFIX_WORDS):
            word = self.take().text
            if word in found or self.peek().kind != "name":
                self.fail("a word before nothing, or twice")
            found.append(word)
        return [word for word in PREFIX_WORDS if word in found]

    def item_name(self, side: str) -> str:
        if self.peek(1).kind == "name" and self.peek(1).text not in PHRASE_WORDS:
            self.fail("two names")
        if self.sees("*", "**", ahead=1) and (C_TYPE.fullmatch(self.peek().text) or self.sees("const", "volatile", "restrict", "enum")):
            self.fail("a C type")
        if side == "left" and self.sees("return"):
            self.fail("return on the left")
        return self.dotted()

    def callback(self) -> str:
        self.callbacks += 1
        if self.callbacks > MOST_CALLBACK_DEPTH:
            self.fail("too deep")
        out = self.contract()
        self.need(")")
        self.callbacks -= 1
        return out

    def type(self) -> str:
        token = self.peek()
        name = self.name()
        if name == "return" or C_TYPE.fullmatch(name):
            self.fail("not a type")
        if name == "like" and self.take_if("("):
            argument = self.dotted()
            self.need(")")
            return node("like", argument)
        if self.sees("*") and self.peek().begin == token.end:
            self.take()
            return node("prefix", name)
        return node("type", name)

    def phrase(self) -> list[str]:
        if not self.sees(*PHRASE_WORDS):
            return []
        word = self.take().text
        if word == "from":
            if self.peek().kind != "number" or self.take().text != "1":
                self.fail("from 1")
            return ["(from-one)"]
        if word == "of":
            return [node("of", self.dotted())]
        if self.peek().kind != "name":
            return ["(free)"]
        return [node("free", self.whole_call() if self.sees("(", ahead=1) else self.name())]

    def extents(self) -> list[str]:
        self.need("[")
        out = [self.extent()]
        while self.take_if(","):
            out.append(self.extent())
        self.need("]")
        return out

    def extent(self) -> str:
        parts = self.extent_value()
        if self.take_if(":"):
            if self.sees(",", "]"):
                parts.append("(step blank)")
            else:
                step = self.sum()
                parts.append(node("step", "bytes" if self.take_if("bytes") else "elements", step))
        return node("extent", *parts)

    def extent_value(self) -> list[str]:
        if self.take_if("*"):
            return [node("any", quoted(self.name() if self.peek().kind == "name" else ""))]
        following = self.peek(1)
        ends = following.kind == "end" or (following.kind == "symbol" and following.text not in ("-", "+", "~", "(", "["))
        if self.sees("until") and not ends:
            self.take()
            return [node("until", self.expression())]
        out = [self.sum()]
        if self.take_if("<="):
            out.append(node("capacity", self.sum()))
        return out

    # clauses

    def begins_clause(self) -> bool:
        word, following = self.peek(), self.peek(1)
        if word.kind != "name":
            return False
        if word.text in FLAGS:
            return following.kind == "end" or self.sees(";", ")", ahead=1)
        if word.text in BEFORE_NAME:
            return following.kind == "name"
        if word.text in BEFORE_EXPRESSION:
            return following.kind not in ("end", "symbol") or self.sees("(", "-", "+", "~", ahead=1)
        return False

    def clause(self) -> str:
        if self.peek().kind != "name":
            self.fail("expected a clause")
        if self.sees("=", ".", ahead=1):
            return self.setting()
        word = self.take().text
        if word in FLAGS:
            return node(word)
        if word not in BEFORE_NAME | BEFORE_EXPRESSION:
            self.fail("not a clause")
        return node(word, *getattr(self, "clause_" + word)())

    def setting(self) -> str:
        name = self.dotted()
        self.need("=")
        return node("set", name, self.expression())

    def settings(self) -> list[str]:
        out = [self.setting()]
        while self.take_if(","):
            out.append(self.setting())
        return out

    def names(self) -> list[str]:
        out = [self.dotted()]
        while self.take_if(","):
            out.append(self.dotted())
        return out

    def clause_ok(self) -> list[str]:
        return [self.expression(), self.text() if self.take_if("else") else "(no-text)"]

    clause_check = clause_ok

    def clause_warn(self) -> list[str]:
        return [self.expression(), self.text() if self.peek().kind == "string" else "(no-text)"]

    def text(self) -> str:
        if self.peek().kind == "string":
            return node("text", self.take().text)
        if self.take_if("errno"):
            return "(errno)"
        if self.peek().kind == "name" and self.sees("(", ahead=1):
            return self.whole_call()
        return node("output", self.dotted(), quoted(self.name() if self.take_if("free") else ""))

    def clause_error(self) -> list[str]:
        return [self.expression()]

    def clause_halo(self) -> list[str]:
        width = self.sum()
        self.need("on")
        return [width, *self.names()]

    def clause_scratch(self) -> list[str]:
        return self.items("left")

    def clause_user(self) -> list[str]:
        return [self.dotted()]

    def clause_alias(self) -> list[str]:
        return self.names()

    clause_each = clause_alias

    def clause_ignore(self) -> list[str]:
        self.need("return")
        return []

    def clause_first(self) -> list[str]:
        before = self.settings()
        self.need("then")
        return [*before, "then", *self.settings()]

    def clause_keep(self) -> list[str]:
        names = self.names()
        if self.take_if("on"):
            parts = [self.dotted()]
            if self.take_if("["):
                parts.append(self.expression())
                self.need("]")
            return [*names, node("on", *parts)]
        if self.take_if("until"):
            return [*names, node("until", self.dotted())]
        return [*names, "(forever)"]

    # contracts

    def ends(self) -> bool:
        return self.peek().kind == "end" or (self.callbacks > 0 and self.sees(")"))

    def contract(self) -> str:
        left: list[str] = []
        right: list[str] = []
        clauses: list[str] = []
        if self.begins_clause():
            clauses.append(self.clause())
        elif not self.ends() and not self.sees(";"):
            left = [] if self.sees("->") else self.items("left")
            right = self.items("right") if self.take_if("->") else []
        while self.take_if(";") and not self.ends():
            clauses.append(self.clause())
        if not self.ends():
            self.fail("expected the end")
        return node("contract", node("left", *left), node("right", *right), node("clauses", *clauses))

    def whole(self, rule: str) -> str:
        out = str(getattr(self, rule)())
        if self.peek().kind != "end":
            self.fail("expected the end")
        return out


# lines of files

EMPTY_CONTRACT = "(contract (left) (right) (clauses))"
STRING = r"""(?:"[^"\n]*"|'[^'\n]')"""
OPAQUE = rf"(?:{STRING}|\#[^\n]*)"
PATTERN = r"(?:\*?(?:[A-Za-z_]|(?<=\*)\w)\w*(?:\*\w+)*\*?|\*)"
PYTHON = rf"{PATTERN}(?:\.{PATTERN})*"
BLANK = r"(?:[ \t\r\n]|\#[^\n]*(?=\n|\Z))*"
CHUNK = r"[\w*.]+"


def split_lines(text: str) -> list[str]:
    """Lines with those that continue them; what all lines are indented by does not count."""
    lines = text.split("\n")
    used = [line for line in lines if line.strip(" \t\r") and not line.lstrip(" \t").startswith("#")]
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in used]
    common = indents[0] if indents else ""
    while any(not indent.startswith(common) for indent in indents):
        common = common[:-1]
    out: list[str] = []
    for line, indent in zip(used, indents, strict=True):
        extra = indent[len(common) :]
        if not extra:
            out.append(line)
        elif not out or extra == " ":
            raise ContractError("a line that continues nothing, or by one blank")
        else:
            out[-1] += "\n" + line
    return out


def step_braces(line: str) -> list[str]:
    pieces = re.findall(rf"""{OPAQUE}|\{{(?:(?>{STRING}|[^{{}}#"]))*\}}|.""", line, re.S)
    groups = [piece for piece in pieces if piece[0] == "{"]
    if any(piece in "{}" for piece in pieces):
        raise ContractError("a lone brace")
    if not groups:
        return [line]
    alternatives = {}
    for group in groups:
        inside = re.findall(rf"{STRING}|[^,]|,", group[1:-1], re.S)
        parts = [""]
        for piece in inside:
            if piece == ",":
                parts.append("")
            else:
                parts[-1] += piece
        alternatives[group] = [part.strip(" \t\r\n") for part in parts]
    counts = {len(parts) for parts in alternatives.values()}
    if len(counts) > 1 or not 2 <= max(counts) <= MOST_ALTERNATIVES:
        raise ContractError("braces do not step together")
    return ["".join(alternatives[piece][k] if piece[0] == "{" else piece for piece in pieces) for k in range(counts.pop())]


def tidy_type(text: str) -> str:
    """Tokens of a C type, one blank where there was any."""
    parts = tokenize(text)[:-1]
    allowed = {"*", "**", "(", ")", "[", "]", ",", "..."}
    depth, out = 0, ""
    for k, token in enumerate(parts):
        if (token.kind not in ("name", "number") and token.text not in allowed) or (depth == 0 and token.text == ","):
            raise ContractError("not a C type")
        if token.kind == "number":
            read_number(token.text)
            if not token.text.isalnum():
                raise ContractError("not a C type")
        depth += (token.text in "([") - (token.text in ")]")
        if depth < 0:
            raise ContractError("not a C type")
        out += (" " if k and token.begin != parts[k - 1].end else "") + token.text
    if depth or not out:
        raise ContractError("not a C type")
    return out


def find_outside(line: str, stops: str) -> int:
    """Where the first of `stops` stands outside parentheses, strings and comments; -1 when nowhere."""
    depth = 0
    for match in re.finditer(rf"{OPAQUE}|.", line, re.S):
        piece = match.group()
        if depth == 0 and piece in stops:
            return match.start()
        depth += (piece in ("(", "[")) - (piece in (")", "]"))
    return -1


def without_comments(text: str) -> str:
    return re.sub(OPAQUE, lambda match: "" if match.group()[0] == "#" else match.group(), text)


def parse_head(text: str) -> str:
    names: list[str] = []
    out = []
    rest = text.strip(" \t\r\n")
    while rest or names:
        end = find_outside(rest, ",")
        one, rest = (rest, "") if end < 0 else (rest[:end], rest[end + 1 :])
        match = re.fullmatch(r"\s*([A-Za-z_]\w*)\s*(?::(.*))?", one, re.S | re.A)
        if not match or match[1] in RESERVED or match[1] in PREFIX_WORDS or match[1] in names:
            raise ContractError("not a head")
        names.append(match[1])
        out.append(node("name", match[1], quoted("" if match[2] is None else tidy_type(match[2]))))
        if end < 0:
            break
    return node("head", *out)


def parse_function(line: str) -> str:
    colon = find_outside(line, ":")
    target = without_comments(line if colon < 0 else line[:colon])
    match = re.fullmatch(rf"\s*(?:({CHUNK})\s*=)?\s*((?:{CHUNK}\s+)*)({CHUNK})((?:\s*,\s*{CHUNK})*)\s*(\(.*\))?\s*", target, re.S | re.A)
    if not match:
        raise ContractError("not a target")
    python, ctype, first, more, head = (part or "" for part in match.groups())
    patterns = [first, *re.findall(CHUNK, more, re.A)]
    ctype = " ".join(ctype.split())
    is_type = re.fullmatch(r"(?:[A-Za-z_][\w*]*(?: [A-Za-z_*][\w*]*)*)?", ctype, re.A)
    if any(not re.fullmatch(PATTERN, pattern, re.A) for pattern in patterns) or not is_type or ctype == "struct":
        raise ContractError("not a pattern")
    if python and not re.fullmatch(PYTHON, python, re.A):
        raise ContractError("not a Python name")
    is_rule = len(patterns) > 1 or bool(ctype) or "*" in first
    if colon < 0:
        if not python or head or ctype or more or python.count("*") != first.count("*"):
            raise ContractError("no ':'")
        return node("rename", quoted(python), quoted(""), first, EMPTY_CONTRACT)
    if (is_rule and (head or python)) or "*" in python:
        raise ContractError("a rule has no head and no Python name")
    parts = [quoted(python), quoted(ctype), *patterns]
    if head:
        parts.append(parse_head(head[1:-1]))
    return node("rule" if is_rule else "function", *parts, Parser(line[colon + 1 :]).whole("contract"))


def parse_handle(line: str) -> str:
    match = re.fullmatch(
        rf"handle\s+({CHUNK})\s*(?:=(.*?))?", without_comments(line[: max(find_outside(line, ":"), 0)]).strip(), re.S | re.A
    )
    body = re.fullmatch(
        rf"\s*free(?:\s+|(?=\*))({CHUNK})\s*(\(.*?\))?\s*(?:;\s*(.*))?", without_comments(line[find_outside(line, ":") + 1 :]), re.S | re.A
    )
    if not match or not body or not re.fullmatch(PATTERN, match[1], re.A) or not re.fullmatch(PATTERN, body[1], re.A):
        raise ContractError("not a handle")
    if "*" in body[1] and "*" not in match[1]:
        raise ContractError("no text for *")
    free = body[1] if body[2] is None else Parser(body[1] + body[2]).whole("whole_call")
    ref, serial = "", False
    clauses = [clause.strip() for clause in (body[3] or "").split(";")]
    if clauses[-1] == "":
        clauses.pop()
    for clause in clauses:
        found = re.fullmatch(r"ref\s+([A-Za-z_]\w*)", clause, re.A)
        if not found and clause != "serial":
            raise ContractError("not a clause of a handle")
        if found and found[1] in RESERVED:
            raise ContractError("not a name")
        ref, serial = (found[1] if found else ref), serial or not found
    parts = [quoted(""), quoted("" if match[2] is None else tidy_type(match[2])), match[1], node("free", free), quoted(ref)]
    return node("handle", *parts, *(["serial"] if serial else []), EMPTY_CONTRACT)


def parse_alternative(line: str) -> str:
    tokenize(line)
    bare = without_comments(line).strip(" \t\r\n")
    if re.match(r"handle(\s+[A-Za-z_]|\s+\*)", bare, re.A):
        return parse_handle(line.strip(" \t\r\n"))
    match = re.match(r"struct\s+([A-Za-z_]\w*)\s*:", bare, re.A)
    if match:
        if match[1] in RESERVED:
            raise ContractError("not a name")
        contract = Parser(line[find_outside(line, ":") + 1 :]).whole("contract")
        return node("struct", quoted(""), quoted(""), match[1], contract)
    match = re.match(r"(load|unload)\s+(?=[A-Za-z_])", bare, re.A)
    if match:
        call = Parser(bare[match.end() :]).whole("whole_call")
        return node(match[1], quoted(""), quoted(""), call, EMPTY_CONTRACT)
    return parse_function(line)


def parse_file(text: str) -> list[str]:
    """The dumps of a contract file's entries."""
    return [parse_alternative(one) for line in split_lines(text) for one in step_braces(line)]
