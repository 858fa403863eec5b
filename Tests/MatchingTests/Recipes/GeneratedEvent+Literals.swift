import EventDispatch

extension GeneratedEvent: RecipeSource {
    static var literals: [LiteralOffers<GeneratedEvent>] { plain + texts + optionals + collections + closures }

    /// All values have the same hash.
    static var crowdedLiterals: LiteralOffers<GeneratedEvent> {
        let crowded = KeyDomain("crowded", \GeneratedEvent.MatchKeys.crowded, { $0.crowded }, Domain.crowd)
        return crowded.offers(crowded.equality, crowded.ordering)
    }

    /// Keys with thousands of values.
    static var wideLiterals: [LiteralOffers<GeneratedEvent>] {
        let serial = KeyDomain("serial", \GeneratedEvent.MatchKeys.serial, { $0.serial }) {
            Int.random(in: Domain.serials, using: &$0)
        }
        let label = KeyDomain("label", \GeneratedEvent.MatchKeys.label, { $0.label }) {
            GeneratedEvent.random(using: &$0).label
        }
        let starts = (0..<64).map { "item.\($0 % 17).\($0)" } + ["item.", "item.1", "item.15.", "items"]
        let ends = (0..<64).map { "\($0)" } + [".1", ".15.4095"]
        let patterns = (0..<17).flatMap { ["item.\($0).*", "*.\($0).**", "item.*.\($0 * 16)", "item.\($0).\($0)"] }
        return [
            serial.offers(serial.equality, serial.ordering),
            label.offers(
                label.equality,
                label.ordering,
                label.text({ $0.label }, fragments: starts + ends, patterns: patterns)
            ),
        ]
    }

    private static var plain: [LiteralOffers<GeneratedEvent>] {
        let number = KeyDomain("number", \GeneratedEvent.MatchKeys.number, { $0.number }, Domain.numbers)
        let sameNumber = KeyDomain("sameNumber", \GeneratedEvent.MatchKeys.sameNumber, { $0.number }, Domain.numbers)
        let byte = KeyDomain("byte", \GeneratedEvent.MatchKeys.byte, { $0.byte }, Domain.bytes)
        let ratio = KeyDomain("ratio", \GeneratedEvent.MatchKeys.ratio, { $0.ratio }, Domain.ratios)
        let flag = KeyDomain("flag", \GeneratedEvent.MatchKeys.flag, { $0.flag }, [true, false])
        let colour = KeyDomain("colour", \GeneratedEvent.MatchKeys.colour, { $0.colour }, Colour.allCases)
        let shape = KeyDomain("shape", \GeneratedEvent.MatchKeys.shape, { $0.shape }, Domain.shapes)
        let identifier = KeyDomain(
            "identifier",
            \GeneratedEvent.MatchKeys.identifier,
            { $0.identifier },
            Domain.identifiers
        )
        let version = KeyDomain("version", \GeneratedEvent.MatchKeys.version, { $0.version }, Domain.versions)
        let plot = KeyDomain("plot", \GeneratedEvent.MatchKeys.plot, { $0.plot }, Domain.plots)
        let token = KeyDomain("token", \GeneratedEvent.MatchKeys.token, { $0.token }, Token.all)
        let parity = KeyDomain("parity", \GeneratedEvent.MatchKeys.parity, { $0.parity }, [0, 1, 2])
        return [
            number.offers(number.equality, number.ordering),
            sameNumber.offers(sameNumber.equality, sameNumber.ordering),
            byte.offers(byte.equality, byte.ordering),
            ratio.offers(ratio.equality, ratio.ordering),
            flag.offers(flag.equality, flag.flags),
            colour.offers(colour.equality),
            shape.offers(shape.equality),
            identifier.offers(identifier.equality),
            crowdedLiterals,
            version.offers(version.ordering),
            plot.offers(plot.ordering),
            token.offers(token.equality, token.identity(Token.all)),
            parity.offers(parity.equality, parity.ordering),
        ] + wideLiterals
    }

    private static var texts: [LiteralOffers<GeneratedEvent>] {
        let text = KeyDomain("text", \GeneratedEvent.MatchKeys.text, { $0.text }, Domain.texts)
        let fragment = KeyDomain(
            "fragment",
            \GeneratedEvent.MatchKeys.fragment,
            { $0.fragment },
            Domain.texts.map { $0[...] }
        )
        let carrierName = KeyDomain(
            "carrierName",
            \GeneratedEvent.MatchKeys.carrierName,
            { $0.carrier.name },
            Domain.texts
        )
        return [
            text.offers(text.equality, text.ordering, text.text { $0.text }, text.text { $0.text }),
            fragment.offers(fragment.equality, fragment.ordering, fragment.text { String($0.fragment) }),
            carrierName.offers(carrierName.equality, carrierName.ordering, carrierName.text { $0.carrier.name }),
        ]
    }

    private static var optionals: [LiteralOffers<GeneratedEvent>] {
        let nickname = KeyDomain("nickname", \GeneratedEvent.MatchKeys.nickname, { $0.nickname }, [nil] + Domain.texts)
        let count = KeyDomain("count", \GeneratedEvent.MatchKeys.count, { $0.count }, [nil] + Domain.numbers)
        let nested = KeyDomain("nested", \GeneratedEvent.MatchKeys.nested, { $0.nested }, Domain.nested)
        let spareToken = KeyDomain(
            "spareToken",
            \GeneratedEvent.MatchKeys.spareToken,
            { $0.spareToken },
            [nil] + Token.all
        )
        let share = KeyDomain("share", \GeneratedEvent.MatchKeys.share, { $0.share }, [nil] + Domain.ratios)
        let area = KeyDomain("area", \GeneratedEvent.MatchKeys.area, { $0.area }, [nil] + Domain.plots)
        let release = KeyDomain("release", \GeneratedEvent.MatchKeys.release, { $0.release }, [nil] + Domain.versions)
        let boxWeight = KeyDomain(
            "boxWeight",
            \GeneratedEvent.MatchKeys.boxWeight,
            { $0.box?.weight },
            [nil] + Domain.numbers
        )
        return [
            nickname.offers(
                nickname.equality,
                nickname.text { $0.nickname },
                nickname.presence(),
                nickname.optionalOrdering(Domain.texts)
            ),
            count.offers(count.equality, count.presence(), count.optionalOrdering(Domain.numbers)),
            share.offers(share.equality, share.presence(), share.optionalOrdering(Domain.ratios)),
            area.offers(area.presence(), area.optionalOrdering(Domain.plots)),
            release.offers(release.presence(), release.optionalOrdering(Domain.versions)),
            nested.offers(nested.equality, nested.presence()),
            spareToken.offers(spareToken.equality, spareToken.presence(), spareToken.identity(Token.all)),
            boxWeight.offers(boxWeight.equality, boxWeight.presence(), boxWeight.optionalOrdering(Domain.numbers)),
        ]
    }

    private static var collections: [LiteralOffers<GeneratedEvent>] {
        let tags = KeyDomain("tags", \GeneratedEvent.MatchKeys.tags, { $0.tags }, [["a"], [], ["\u{E9}", "K"]])
        let codes = KeyDomain("codes", \GeneratedEvent.MatchKeys.codes, { $0.codes }, [[], [1], [1, 2]])
        let (containsTag, containsCode) = (tags.elements(Domain.tags), codes.elements(Domain.numbers))
        return [
            tags.offers(tags.equality, containsTag, containsTag, containsTag),
            codes.offers(codes.equality, containsCode, containsCode, containsCode),
        ]
    }

    private static var closures: [LiteralOffers<GeneratedEvent>] {
        let even: LiteralOffers<GeneratedEvent>.Offer = { _ in
            Literal(.satisfying, "number", "is even", Filter { $0.number.isMultiple(of: 2) }) { $0.number & 1 == 0 }
        }
        let heavy: LiteralOffers<GeneratedEvent>.Offer = { random in
            let size = Int.random(in: 0...3, using: &random)
            return Literal(.satisfying, "tags", "more than \(size)", Filter(satisfying: { $0.tags.count > size })) {
                $0.tags.dropFirst(size).first != nil
            }
        }
        return [LiteralOffers(name: "closures", offers: [even, heavy])]
    }
}
