; Recursion, in both kinds of numbers, and where whole numbers end.

(define (factorial n)
  (if (< n 2) 1 (* n (factorial (- n 1)))))

(define (print value) (write value) (newline))

(print (map factorial '(0 1 5 10 20)))
(print (factorial 21.0))
(print (try (factorial 21) error-message))

; Not in the last place: every call waits for the one inside. There is no stack to overflow.
(define (sum-to n)
  (if (= n 0) 0 (+ n (sum-to (- n 1)))))

(print (sum-to 10000))
(print (try (sum-to 1000000) error-message))
