"""Keys and signatures (密钥与签名): Ed25519 (RFC 8032). The one door to cryptography.

A public key is written as the base64 of its 32 bytes, its fingerprint (指纹) as the first 40
hexadecimal digits of their SHA-256. What is signed begins with a line that says what it is for, so
that no signature can be taken for another one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policylib.errors import BackendError, ParseError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["Signer", "fingerprint", "plain_fingerprint", "verify"]

_PRINT = re.compile(r"[0-9a-f]{40}\Z")


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key in use (签名密钥); it is shown nowhere."""

    _key: Ed25519PrivateKey
    public: str

    @classmethod
    def new(cls) -> Signer:
        """A new key."""
        return cls._of(_ed25519().Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, pem: bytes) -> Signer:
        """The key in a PEM file (PKCS#8, without a password).

        Raises:
            ParseError: it is no such key.

        """
        module = _ed25519()
        from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError) as error:
            raise ParseError("密钥文件不是未加密的 PEM 私钥，请核对文件") from error
        except Exception as error:  # the library has several more for algorithms it does not know
            raise ParseError("密钥文件中的密钥不能使用，应为 Ed25519 私钥") from error
        if not isinstance(key, module.Ed25519PrivateKey):
            raise ParseError("密钥文件中的密钥不能使用，应为 Ed25519 私钥")
        return cls._of(key)

    @classmethod
    def _of(cls, key: Ed25519PrivateKey) -> Signer:
        raw = key.public_key().public_bytes_raw()
        return cls(key, base64.b64encode(raw).decode())

    def pem(self) -> bytes:
        """The private key as PEM, to be kept where only its owner reads."""
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            Encoding,
            NoEncryption,
            PrivateFormat,
        )

        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, purpose: str, data: bytes) -> str:
        """The signature of ``data`` for a purpose, in base64."""
        return base64.b64encode(self._key.sign(_whole(purpose, data))).decode()


def verify(public: str, signature: str, purpose: str, data: bytes) -> bool:
    """Whether the owner of a public key signed ``data`` for that purpose."""
    module = _ed25519()
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415

    try:
        key = module.Ed25519PublicKey.from_public_bytes(_raw(public))
        key.verify(base64.b64decode(signature, validate=True), _whole(purpose, data))
    except (InvalidSignature, ParseError, ValueError, binascii.Error):
        return False
    return True


def fingerprint(public: str) -> str:
    """The fingerprint of a public key (公钥指纹): 40 hexadecimal digits.

    Raises:
        ParseError: it is not a public key.

    """
    return hashlib.sha256(_raw(public)).hexdigest()[:40]


def plain_fingerprint(text: str) -> str:
    """A fingerprint as typed, without spaces, colons and hyphens.

    >>> plain_fingerprint("0123 4567 89AB CDEF 0123 4567 89ab cdef 0123 4567")
    '0123456789abcdef0123456789abcdef01234567'
    """
    plain = re.sub(r"[\s:-]", "", text[:200]).lower()
    if not _PRINT.match(plain):
        raise ParseError("公钥指纹应为 40 位十六进制数，请向发布机关核对")
    return plain


def _raw(public: str) -> bytes:
    try:
        raw = base64.b64decode(public, validate=True)
    except (ValueError, binascii.Error) as error:
        raise ParseError("公钥应为 32 字节的 base64") from error
    if len(raw) != 32:
        raise ParseError("公钥应为 32 字节的 base64")
    return raw


def _whole(purpose: str, data: bytes) -> bytes:
    return f"policylib {purpose}\n".encode() + data


def _ed25519() -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - 60 ms
    except ImportError as error:
        raise BackendError("签名需要 cryptography，请先安装：pip install cryptography") from error
    return ed25519
