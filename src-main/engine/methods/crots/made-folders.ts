// Where a training puts the labels and patches of the target that it makes itself.

/** Where a run puts what it makes itself. */
export function madeFolders(output: string): { readonly pseudoLabels: string; readonly hardPatches: string } {
  const stem = output.replace(/\.safetensors$/, "");
  return { pseudoLabels: `${stem}.pseudo-labels`, hardPatches: `${stem}.hard-patches` };
}
