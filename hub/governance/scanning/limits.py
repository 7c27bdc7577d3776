"""How much of a file is looked at, and how deep. Beyond, it isn't understood."""

MIB = 1 << 20

# Read from storage for one file.
MAX_READ = 2_048 * MIB
# One read.
MAX_PIECE = 4 * MIB
# Texts and JSON are read whole up to here; of longer texts, the beginning and the end.
MAX_TEXT = 64 * MIB
MAX_JSON_DEPTH = 64
# Members of an archive, with those in archives within; what they unpack to; archives within archives.
MAX_MEMBERS = 20_000
MAX_UNPACKED = 1_024 * MIB
MAX_MEMBER_IN_MEMORY = 64 * MIB
MAX_NESTING = 2
# Unpacked to packed, where it unpacks to more in all than any machine minds: arrays of zeros are packed a thousandfold.
MAX_RATIO = 100
FREE_UNPACKED = 256 * MIB
# Of archives within archives, which multiply: small members may be anything.
FREE_WITHIN = 1 * MIB
MAX_NAME = 512
# Of a stored member, and of all of them, whose checksum is verified; tensors beyond have theirs unread.
MAX_CHECKED_MEMBER = 64 * MIB
MAX_CHECKED = 256 * MIB
# Pickles.
MAX_PICKLE = 256 * MIB
MAX_PICKLES = 256
MAX_OPCODES = 8_000_000
MAX_MEMO = 4_000_000
MAX_STACK = 2_000_000
MAX_LINE = 65_536
MAX_REASONS = 8
# GGUF.
MAX_TEMPLATE = 1 * MIB
