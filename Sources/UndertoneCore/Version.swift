/// The version of this program, of its reports and of its rule packs' `requires:`.
public let undertoneVersion = "0.1.0"
