; Numbers made of functions: n is what does something n times.

(define zero (lambda (f) (lambda (x) x)))
(define (successor n) (lambda (f) (lambda (x) (f ((n f) x)))))
(define (plus m n) (lambda (f) (lambda (x) ((m f) ((n f) x)))))
(define (times m n) (lambda (f) (m (n f))))
(define (power m n) (n m))

(define (church n) (if (= n 0) zero (successor (church (- n 1)))))
(define (number n) ((n (lambda (x) (+ x 1))) 0))

(define two (church 2))
(define three (church 3))
(write (map number (list zero two three (plus two three) (times two three) (power two (church 10)))))
(newline)

; No cycles are in here but those of definitions. So what is made dies by count, and at once.
(define before (live))
(number (power two (church 12)))
(write (= before (live)))
(newline)
