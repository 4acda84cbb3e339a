/** Addresses that nobody may be sent to: this machine, its networks, and clouds' metadata. */
const ADDRESSES = [
  "127.0.0.1",
  "127.8.9.10",
  "0.0.0.0",
  "10.1.2.3",
  "172.16.5.4",
  "192.168.1.1",
  "100.64.0.1",
  "169.254.169.254",
] as const;

const FULL_WIDTH_ZERO = 0xff10;

/** Every way to write one IPv4 address that a URL parser takes for it, IPv6 forms included. */
function spellingsOf(address: string): string[] {
  const bytes = address.split(".").map(Number);
  const [a = 0, b = 0, c = 0, d = 0] = bytes;
  const whole = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (value: number) => value.toString(16);
  const octal = (value: number) => `0${value.toString(8)}`;
  const groups = `${hex(a * 256 + b)}:${hex(c * 256 + d)}`;
  const low = (c * 256 + d).toString();
  return [
    address,
    `${address}.`,
    String(whole),
    `0x${hex(whole)}`,
    `0X${hex(whole).toUpperCase()}`,
    octal(whole),
    `0x${hex(a)}.0x${hex(b)}.0x${hex(c)}.0x${hex(d)}`,
    [a, b, c, d].map(octal).join("."),
    `00${octal(a)}.${b}.${octal(c)}.${d}`,
    `0x${hex(a)}.${b}.${octal(c)}.${d}`,
    `${a}.${b}.${low}`,
    `${a}.0x${hex((b * 256 + c) * 256 + d)}`,
    address.replace(/\d/g, (digit) => `%3${digit}`),
    address.replace(/\d/g, (digit) => String.fromCodePoint(FULL_WIDTH_ZERO + Number(digit))),
    address.replaceAll(".", "。"),
    address.replaceAll(".", "%2e"),
    `[::ffff:${address}]`,
    `[::FFFF:${groups}]`,
    `[0:0:0:0:0:ffff:${groups}]`,
    `[::${address}]`,
    `[::${groups}]`,
    `[::ffff:0:${address}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b:1::${address}]`,
    `[2002:${groups}::]`,
    `[2002:${groups}::1]`,
    `[2001:470:1::5efe:${address}]`,
    `[2001:470:1::200:5efe:${groups}]`,
  ];
}

/** What has no IPv4 address in it, or only one spelling. */
const OTHERS = [
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "[0000:0000:0000:0000:0000:0000:0000:0001]",
  "[::]",
  "[::2]",
  "[fe80::1]",
  "[febf::1]",
  "[fec0::1]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "[fd20:ce::254]",
  "[fd00:c1::a9fe:a9fe]",
  "[fd12:3456::1]",
  "[ff02::1]",
  "[100::1]",
  "[2001:0:1::]",
  "[2001:db8::1]",
  "[3fff::1]",
  "[5f00::1]",
  "[4000::1]",
  "[e000::1]",
  "100.100.100.200",
  "192.0.0.192",
  "168.63.129.16",
  "192.0.2.1",
  "192.88.99.1",
  "198.18.0.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "0",
  "127.1",
  "0x7f.1",
  "0177.1",
  "①②⑦.0.0.1",
  "metadata",
  "instance-data",
  "metadata.google.internal",
  "METADATA.google.internal.",
];

/** Hosts as they stand in a URL, each of which has to be refused before anything is resolved. */
export const PRIVATE_HOSTS: readonly string[] = [
  ...new Set([...ADDRESSES.flatMap(spellingsOf), ...OTHERS]),
];

/** Those of them that would reach a listener on this machine. */
export const LOOPBACK_HOSTS: readonly string[] = [
  ...new Set([...["127.0.0.1", "0.0.0.0"].flatMap(spellingsOf), "[::1]", "[::]", "127.1", "0"]),
];
