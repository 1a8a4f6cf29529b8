// Photos of a phone are made smaller before they travel: 1600 px is enough to see by.
const LONGEST = 1600;
const SMALL_ENOUGH = 400_000;
/** What the server takes as it is, and what only some cameras and browsers know. */
const TAKEN = /^image\/(jpeg|png|webp)$/;
const OTHER = /^image\/(heic|heif|avif|bmp)$/;

/** The photo at most 1600 px wide or high, as JPEG; anything else, or what cannot be read, as it is. */
export async function smaller(file: File): Promise<File> {
  const isTaken = TAKEN.test(file.type);
  if (isTaken ? file.size <= SMALL_ENOUGH : !OTHER.test(file.type)) return file;
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
    if (blob === null || (isTaken && blob.size >= file.size)) return file;
    return new File([blob], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' });
  } catch {
    return file;
  }
}
