// Comparisons for the tests of initialisation.

import UndertoneLineage
import UndertoneTensors

typealias NamedMatrices = [(name: String, matrix: Matrix)]

/// Compares two models through files.
func compare(
    _ first: NamedMatrices, _ second: NamedMatrices, types: (TensorType, TensorType) = (.f32, .f32),
    options: InitialisationOptions = InitialisationOptions()
) throws -> InitialisationComparison {
    let folder = ScratchFolder()
    try save(first, to: folder.path("a.safetensors"), type: types.0)
    try save(second, to: folder.path("b.safetensors"), type: types.1)
    return try compareInitialisation(
        ModelFiles(path: folder.path("a.safetensors")), ModelFiles(path: folder.path("b.safetensors")), options: options
    )
}

extension InitialisationComparison {
    func test(_ kind: IndependenceTest.Kind) -> IndependenceTest? { tests.first { $0.kind == kind } }

    var text: String {
        var text = ""
        writeText(to: &text)
        return text
    }
}
